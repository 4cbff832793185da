using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentCaptured;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<PaymentCaptured>
{
    public Task Handle(Received<PaymentCaptured> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.PaymentCaptured, $"{received.Message.Amount} were charged.");
        return Task.CompletedTask;
    }
}
