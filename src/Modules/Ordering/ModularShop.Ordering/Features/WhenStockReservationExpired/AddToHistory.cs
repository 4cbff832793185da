using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenStockReservationExpired;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<StockReservationExpired>
{
    public Task Handle(Received<StockReservationExpired> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.StockExpired, "The products were set aside for too long and are on sale again.");
        return Task.CompletedTask;
    }
}
