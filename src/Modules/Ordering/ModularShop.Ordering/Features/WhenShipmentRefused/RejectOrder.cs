using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentRefused;

internal sealed class RejectOrder(OrderingDbContext db, TimeProvider time) : IMessageHandler<ShipmentRefused>
{
    public async Task Handle(Received<ShipmentRefused> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.ShipmentIsRefused(order, received.Message.Reason, time.GetUtcNow());
        }
    }
}
