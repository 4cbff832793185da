using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentVoided;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<PaymentVoided>
{
    public Task Handle(Received<PaymentVoided> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.PaymentVoided, "The payment's authorisation is given back; nothing was charged.");
        return Task.CompletedTask;
    }
}
