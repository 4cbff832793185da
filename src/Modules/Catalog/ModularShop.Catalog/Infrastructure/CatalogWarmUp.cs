using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Features.AdjustStock;
using ModularShop.Catalog.Features.ChangePrice;
using ModularShop.Catalog.Features.CreateProduct;
using ModularShop.Catalog.Features.EditProduct;

namespace ModularShop.Catalog.Infrastructure;

/// <summary>What operators do all day, to some product on sale.</summary>
internal sealed class CatalogWarmUp(CatalogDbContext db) : IWarmUp
{
    public async Task<IReadOnlyList<WarmUpRequest>> RequestsAsync(CancellationToken cancellationToken)
    {
        var found = await db.Products.AsNoTracking().Where(p => p.Status == ProductStatus.Active)
            .Join(db.Categories, p => p.CategoryId, c => c.Id, (p, c) => new { Product = p, c.Path })
            .OrderBy(f => f.Product.Sku).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return [];
        }

        var (product, category) = (found.Product, found.Path);
        var price = product.Price with { Amount = product.Price.Amount + 1 };
        var one = new Dictionary<string, string?>(StringComparer.Ordinal) { ["sku"] = product.Sku };
        return
        [
            new("Catalog.AdjustStock", new AdjustStockEndpoint.Request(1, "warm-up")) { Route = one, IdempotencyKey = "warm-up" },
            new("Catalog.ChangePrice", new ChangePriceEndpoint.Request(price)) { Route = one },
            new("Catalog.EditProduct", new EditProductEndpoint.Request(
                product.Name, product.Description, product.Brand, category, product.WeightGrams ^ 1, product.Attributes.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal))) { Route = one },
            new("Catalog.CreateProduct", new CreateProduct($"WARM-UP-{Guid.CreateVersion7():N}", product.Name, category, price, Stock: 1)),
        ];
    }
}
