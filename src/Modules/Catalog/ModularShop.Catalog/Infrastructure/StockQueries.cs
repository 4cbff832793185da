using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure;

internal static class StockQueries
{
    public static async Task<IReadOnlyDictionary<string, StockItem>> StockOfAsync(
        this CatalogDbContext db, IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        var wanted = skus.Distinct(StringComparer.Ordinal).ToList();
        return await db.Stock.Where(s => wanted.Contains(s.Sku)).ToDictionaryAsync(s => s.Sku, StringComparer.Ordinal, cancellationToken);
    }
}
