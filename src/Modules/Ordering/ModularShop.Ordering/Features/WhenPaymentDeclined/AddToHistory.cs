using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentDeclined;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<PaymentDeclined>
{
    public Task Handle(Received<PaymentDeclined> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.PaymentDeclined, "The payment was declined.");
        return Task.CompletedTask;
    }
}
