using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenStockReservationRefused;

internal sealed class RejectOrder(OrderingDbContext db, TimeProvider time) : IMessageHandler<StockReservationRefused>
{
    public async Task Handle(Received<StockReservationRefused> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.StockIsRefused(order, received.Message.Shortages, time.GetUtcNow());
        }
    }
}
