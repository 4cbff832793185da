using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentRefunded;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<PaymentRefunded>
{
    public Task Handle(Received<PaymentRefunded> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.PaymentRefunded, $"{received.Message.Amount} are on their way back to you.");
        return Task.CompletedTask;
    }
}
