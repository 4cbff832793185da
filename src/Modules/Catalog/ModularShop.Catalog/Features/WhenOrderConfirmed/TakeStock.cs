using ModularShop.Catalog.Infrastructure;
using ModularShop.Ordering.Contracts;

namespace ModularShop.Catalog.Features.WhenOrderConfirmed;

internal sealed class TakeStock(CatalogDbContext db) : IMessageHandler<OrderConfirmed>
{
    public async Task Handle(Received<OrderConfirmed> received, CancellationToken cancellationToken)
    {
        if (await db.Reservations.FindAsync([received.Message.OrderId], cancellationToken) is { } reservation)
        {
            reservation.Take(await db.StockOfAsync(reservation.Lines.Select(l => l.Sku), cancellationToken));
        }
    }
}
