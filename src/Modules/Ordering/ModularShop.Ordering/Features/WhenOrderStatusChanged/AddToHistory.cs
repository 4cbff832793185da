using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenOrderStatusChanged;

/// <summary>Shipped and delivered are Shipping's to tell.</summary>
internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<OrderStatusChanged>
{
    public Task Handle(Received<OrderStatusChanged> received, CancellationToken cancellationToken)
    {
        var order = received.Message;
        (HistoryKind Kind, string Text)? entry = order.Status switch
        {
            OrderStatus.Placed when order.Reason is null => (HistoryKind.OrderPlaced, $"You placed order {order.Number} over {order.Total}."),
            OrderStatus.Confirmed when order.Reason is null => (HistoryKind.OrderConfirmed, "The order is confirmed."),
            OrderStatus.Cancelling => (HistoryKind.OrderCancelling, $"{order.Reason} We are stopping the shipment."),
            OrderStatus.Cancelled => (HistoryKind.OrderCancelled, $"The order is cancelled. {order.Reason}"),
            OrderStatus.Rejected => (HistoryKind.OrderRejected, $"The order could not be fulfilled. {order.Reason} We are putting its products back into your cart."),
            OrderStatus.Completed => (HistoryKind.OrderCompleted, "The order is complete."),
            _ => null,
        };
        if (entry is { } told)
        {
            db.AddToHistory(received, order.OrderId, told.Kind, told.Text);
        }

        return Task.CompletedTask;
    }
}
