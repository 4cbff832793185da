using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.GetProduct;

internal sealed class GetProductHandler(CatalogDbContext db) : IRequestHandler<GetProduct, Result<ProductDetails>>
{
    public async Task<Result<ProductDetails>> Handle(GetProduct query, CancellationToken cancellationToken)
    {
        var sku = Sku.Normalise(query.Sku);
        var found = !Sku.IsValid(sku) ? null : await (
            from product in db.Products.AsNoTracking()
            join category in db.Categories on product.CategoryId equals category.Id
            join stock in db.Stock on product.Id equals stock.Id
            where product.Sku == sku
            select new { product, category.Name, category.Path, Available = stock.OnHand - stock.Reserved })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return ProductQueries.NoProduct(query.Sku);
        }

        var p = found.product;
        return new ProductDetails(
            p.Sku, p.Name, p.Description, p.Brand, found.Name, found.Path, p.Price, p.WeightGrams, p.Status, found.Available, p.About.Attributes, p.Version);
    }
}
