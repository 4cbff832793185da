using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.CancelShipment;

internal sealed class CancelShipmentHandler(ShippingDbContext db, TimeProvider time) : IMessageHandler<Contracts.CancelShipment>
{
    public async Task Handle(Received<Contracts.CancelShipment> received, CancellationToken cancellationToken)
    {
        var orderId = received.Message.OrderId;
        if (await db.Shipments.SingleOrDefaultAsync(s => s.OrderId == orderId, cancellationToken) is { } shipment)
        {
            shipment.Cancel(time.GetUtcNow());
            return;
        }

        var stopped = await db.StoppedOrders.FindAsync([orderId], cancellationToken);
        if (stopped is null)
        {
            stopped = StoppedOrder.For(orderId);
            db.Add(stopped);
        }

        stopped.ConfirmNothingLeaves();
    }
}
