using Microsoft.Extensions.Logging;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Ordering.Contracts;

namespace ModularShop.Catalog.Features.WhenOrderConfirmed;

internal sealed class TakeStock(CatalogDbContext db, TimeProvider time, ILogger<TakeStock> logger) : IMessageHandler<OrderConfirmed>
{
    public async Task Handle(Received<OrderConfirmed> received, CancellationToken cancellationToken)
    {
        if (await db.Reservations.FindAsync([received.Message.OrderId], cancellationToken) is { } reservation
            && !reservation.Take(await db.StockOfAsync(reservation, cancellationToken), time.GetUtcNow()))
        {
            Log.ConfirmedWithoutStock(logger, received.Message.Number, string.Join(", ", reservation.Lines.Select(l => $"{l.Quantity} x {l.Sku}")));
        }
    }
}
