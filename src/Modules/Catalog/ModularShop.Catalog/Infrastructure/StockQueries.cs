using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure;

internal static class StockQueries
{
    /// <summary>The stock of all products a reservation is about.</summary>
    public static async Task<IReadOnlyDictionary<string, StockItem>> StockOfAsync(
        this CatalogDbContext db, Reservation reservation, CancellationToken cancellationToken)
    {
        var skus = reservation.Lines.Select(l => l.Sku).ToList();
        return await db.Stock.Where(s => skus.Contains(s.Sku)).ToDictionaryAsync(s => s.Sku, StringComparer.Ordinal, cancellationToken);
    }
}
