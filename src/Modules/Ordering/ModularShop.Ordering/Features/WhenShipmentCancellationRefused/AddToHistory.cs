using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.WhenShipmentCancellationRefused;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<ShipmentCancellationRefused>
{
    public Task Handle(Received<ShipmentCancellationRefused> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.ShipmentCancellationRefused, "The shipment could not be stopped any more.");
        return Task.CompletedTask;
    }
}
