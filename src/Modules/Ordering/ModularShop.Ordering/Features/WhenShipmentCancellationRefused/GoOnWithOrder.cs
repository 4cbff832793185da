using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentCancellationRefused;

internal sealed class GoOnWithOrder(OrderingDbContext db, TimeProvider time) : IMessageHandler<ShipmentCancellationRefused>
{
    public async Task Handle(Received<ShipmentCancellationRefused> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.ShipmentCannotBeStopped(order, received.Message.Reason, time.GetUtcNow());
        }
    }
}
