using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenOrderStatusChanged;

internal sealed class UpdateOrderList(OrderingDbContext db) : IMessageHandler<OrderStatusChanged>
{
    public async Task Handle(Received<OrderStatusChanged> received, CancellationToken cancellationToken)
    {
        var (order, version) = (received.Message, received.Envelope.Sequence.Version);
        if (await db.OrderList.FindAsync([order.OrderId], cancellationToken) is not { } entry)
        {
            entry = OrderListEntry.Of(order);
            db.Add(entry);
        }

        // Two changes of one save have the same version and come in their order.
        if (version >= entry.OrderVersion)
        {
            (entry.Status, entry.Reason, entry.OrderVersion) = (order.Status, order.Reason, version);
        }
    }
}
