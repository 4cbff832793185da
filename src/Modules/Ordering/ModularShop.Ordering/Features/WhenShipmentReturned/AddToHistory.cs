using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentReturned;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<ShipmentReturned>
{
    public Task Handle(Received<ShipmentReturned> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.ShipmentReturned, "The parcel could not be delivered and came back to us.");
        return Task.CompletedTask;
    }
}
