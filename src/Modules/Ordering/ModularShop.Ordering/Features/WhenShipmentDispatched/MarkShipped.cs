using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentDispatched;

internal sealed class MarkShipped(OrderingDbContext db, TimeProvider time) : IMessageHandler<ShipmentDispatched>
{
    public async Task Handle(Received<ShipmentDispatched> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            // What has left was created: this may overtake the message that says so.
            saga.ShipmentIsCreated(order, time.GetUtcNow());
            order.Track(received.Message.TrackingNumber);
            order.MarkShipped();
        }
    }
}
