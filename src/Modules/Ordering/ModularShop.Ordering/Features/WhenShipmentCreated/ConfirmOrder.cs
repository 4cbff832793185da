using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentCreated;

internal sealed class ConfirmOrder(OrderingDbContext db, TimeProvider time) : IMessageHandler<ShipmentCreated>
{
    public async Task Handle(Received<ShipmentCreated> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            order.Track(received.Message.TrackingNumber);
            saga.ShipmentIsCreated(order, time.GetUtcNow());
        }
    }
}
