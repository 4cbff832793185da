using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentReturned;

internal sealed class CancelOrder(OrderingDbContext db, TimeProvider time) : IMessageHandler<ShipmentReturned>
{
    public async Task Handle(Received<ShipmentReturned> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.ParcelCameBack(order, time.GetUtcNow());
        }
    }
}
