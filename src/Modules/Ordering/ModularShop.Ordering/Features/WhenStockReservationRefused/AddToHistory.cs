using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenStockReservationRefused;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<StockReservationRefused>
{
    public Task Handle(Received<StockReservationRefused> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.StockRefused, "Some of the products are not in stock any more.");
        return Task.CompletedTask;
    }
}
