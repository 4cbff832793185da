using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.GetStock;

internal sealed class GetStockHandler(CatalogDbContext db) : IRequestHandler<GetStock, Result<StockDetails>>
{
    private const int Recent = 50;

    public async Task<Result<StockDetails>> Handle(GetStock query, CancellationToken cancellationToken)
    {
        var sku = Sku.Normalise(query.Sku);
        if (!Sku.IsValid(sku) || await db.Stock.AsNoTracking().SingleOrDefaultAsync(s => s.Sku == sku, cancellationToken) is not { } stock)
        {
            return ProductQueries.NoProduct(query.Sku);
        }

        var movements = await db.Movements.Where(m => m.StockId == stock.Id).OrderByDescending(m => m.At).ThenBy(m => m.Key).Take(Recent)
            .Select(m => new StockMovementRow(m.At, m.Quantity, m.Reason, m.Key)).ToListAsync(cancellationToken);
        return new StockDetails(stock.Sku, stock.OnHand, stock.Reserved, stock.Available, movements);
    }
}
