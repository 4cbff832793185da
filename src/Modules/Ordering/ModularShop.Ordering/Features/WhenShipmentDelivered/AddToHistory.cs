using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentDelivered;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<ShipmentDelivered>
{
    public Task Handle(Received<ShipmentDelivered> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.ShipmentDelivered, "The parcel is delivered.");
        return Task.CompletedTask;
    }
}
