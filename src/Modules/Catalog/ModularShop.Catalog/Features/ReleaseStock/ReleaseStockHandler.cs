using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ReleaseStock;

internal sealed class ReleaseStockHandler(CatalogDbContext db, TimeProvider time) : IMessageHandler<Contracts.ReleaseStock>
{
    public async Task Handle(Received<Contracts.ReleaseStock> received, CancellationToken cancellationToken)
    {
        if (await db.Reservations.FindAsync([received.Message.OrderId], cancellationToken) is { } reservation)
        {
            reservation.Release(await db.StockOfAsync(reservation, cancellationToken), time.GetUtcNow());
        }
    }
}
