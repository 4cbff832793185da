using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentCancelled;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<ShipmentCancelled>
{
    public Task Handle(Received<ShipmentCancelled> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.ShipmentCancelled, "The shipment is stopped.");
        return Task.CompletedTask;
    }
}
