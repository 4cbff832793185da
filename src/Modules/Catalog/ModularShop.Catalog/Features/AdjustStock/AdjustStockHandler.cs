using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.AdjustStock;

internal sealed class AdjustStockHandler(CatalogDbContext db, TimeProvider time) : IRequestHandler<AdjustStock, Result<StockLevel>>
{
    public async Task<Result<StockLevel>> Handle(AdjustStock command, CancellationToken cancellationToken)
    {
        var sku = Sku.Normalise(command.Sku);
        if (!Sku.IsValid(sku) || await db.Stock.SingleOrDefaultAsync(s => s.Sku == sku, cancellationToken) is not { } stock)
        {
            return ProductQueries.NoProduct(command.Sku);
        }

        var key = $"request/{command.Key}";
        var reason = command.Reason.Trim();
        if (await db.Movements.AsNoTracking().SingleOrDefaultAsync(m => m.StockId == stock.Id && m.Key == key, cancellationToken) is { } done)
        {
            return done.Quantity == command.Quantity && done.Reason == reason
                ? StockLevel.Of(stock)
                : CatalogError.IdempotencyKeyReused.Because(
                    $"'{command.Key}' named another movement of {sku}: {done.Quantity:+0;-0}, {done.Reason}. A new movement needs a new key.");
        }

        return stock.Adjust(command.Quantity, reason, key, time.GetUtcNow()).Error is { } error ? error : StockLevel.Of(stock);
    }
}
