using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentDelivered;

internal sealed class MarkDelivered(OrderingDbContext db) : IMessageHandler<ShipmentDelivered>
{
    public async Task Handle(Received<ShipmentDelivered> received, CancellationToken cancellationToken)
    {
        if (await db.Orders.FindAsync([received.Message.OrderId], cancellationToken) is { } order)
        {
            order.MarkDelivered();
        }
    }
}
