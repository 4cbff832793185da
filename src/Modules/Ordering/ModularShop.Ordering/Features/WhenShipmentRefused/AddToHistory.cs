using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentRefused;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<ShipmentRefused>
{
    public Task Handle(Received<ShipmentRefused> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.ShipmentRefused, "The carrier does not take the parcel.");
        return Task.CompletedTask;
    }
}
