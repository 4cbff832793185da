using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenStockReserved;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<StockReserved>
{
    public Task Handle(Received<StockReserved> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.StockReserved, "The products are set aside for you.");
        return Task.CompletedTask;
    }
}
