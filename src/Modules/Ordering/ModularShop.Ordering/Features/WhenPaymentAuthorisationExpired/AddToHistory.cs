using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentAuthorisationExpired;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<PaymentAuthorisationExpired>
{
    public Task Handle(Received<PaymentAuthorisationExpired> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.PaymentExpired, "The payment's authorisation has lapsed.");
        return Task.CompletedTask;
    }
}
