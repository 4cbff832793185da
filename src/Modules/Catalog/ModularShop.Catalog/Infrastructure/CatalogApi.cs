using ModularShop.Catalog.Contracts;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure;

internal sealed class CatalogApi(CatalogDbContext db) : ICatalogApi
{
    private const int MaxSkus = 200;

    public async Task<IReadOnlyList<ProductSnapshot>> GetProductsAsync(IReadOnlyCollection<string> skus, CancellationToken cancellationToken)
    {
        if (skus.Count > MaxSkus)
        {
            throw new ArgumentException($"At most {MaxSkus} skus at a time.", nameof(skus));
        }

        var normalised = skus.Select(Sku.Normalise).Where(Sku.IsValid).Distinct(StringComparer.Ordinal).ToList();
        return await (
            from product in db.Products.AsNoTracking()
            join stock in db.Stock on product.Id equals stock.Id
            where normalised.Contains(product.Sku)
            select new ProductSnapshot(
                product.Sku, product.Name, product.Price, product.WeightGrams, product.Status == ProductStatus.Active, stock.OnHand - stock.Reserved))
            .ToListAsync(cancellationToken);
    }
}
