using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.CreateProduct;

internal sealed class CreateProductHandler(CatalogDbContext db, TimeProvider time) : IRequestHandler<CreateProduct, Result<CreatedProduct>>
{
    private static readonly Dictionary<string, string> NoAttributes = [];

    public async Task<Result<CreatedProduct>> Handle(CreateProduct command, CancellationToken cancellationToken)
    {
        var sku = Sku.Normalise(command.Sku);
        if (await db.Products.AnyAsync(p => p.Sku == sku, cancellationToken))
        {
            return CatalogError.SkuTaken.Because($"There is a product {sku} already; edit it, or choose another sku.");
        }

        var category = await db.CategoryAsync(command.Category, CatalogError.UnknownCategory, cancellationToken);
        if (category.Error is { } error)
        {
            return error;
        }

        var about = new ProductDescription(
            command.Name.Trim(), command.Description, command.Brand, category.Value.Id, command.WeightGrams, command.Attributes ?? NoAttributes);
        var product = Product.Create(sku, about, command.Price, time.GetUtcNow());
        db.Add(product);
        db.Add(StockItem.For(product, command.Stock));
        return new CreatedProduct(sku);
    }
}
