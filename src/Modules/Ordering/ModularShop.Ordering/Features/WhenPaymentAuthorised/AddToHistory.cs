using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentAuthorised;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<PaymentAuthorised>
{
    public Task Handle(Received<PaymentAuthorised> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.PaymentAuthorised, $"Your bank has authorised {received.Message.Amount}; nothing is charged before the parcel is delivered.");
        return Task.CompletedTask;
    }
}
