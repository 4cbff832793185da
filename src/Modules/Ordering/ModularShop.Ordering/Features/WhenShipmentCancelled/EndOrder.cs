using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentCancelled;

internal sealed class EndOrder(OrderingDbContext db, TimeProvider time) : IMessageHandler<ShipmentCancelled>
{
    public async Task Handle(Received<ShipmentCancelled> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.ShipmentIsStopped(order, time.GetUtcNow());
        }
    }
}
