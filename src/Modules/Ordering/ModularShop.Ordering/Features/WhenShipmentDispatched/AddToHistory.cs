using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentDispatched;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<ShipmentDispatched>
{
    public Task Handle(Received<ShipmentDispatched> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.ShipmentDispatched, "The carrier has collected the parcel.");
        return Task.CompletedTask;
    }
}
