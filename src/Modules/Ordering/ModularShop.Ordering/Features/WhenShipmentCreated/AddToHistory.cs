using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentCreated;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<ShipmentCreated>
{
    public Task Handle(Received<ShipmentCreated> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.ShipmentCreated, $"The parcel is booked; its tracking number is {received.Message.TrackingNumber}.");
        return Task.CompletedTask;
    }
}
