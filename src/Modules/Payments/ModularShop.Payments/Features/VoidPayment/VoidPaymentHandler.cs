using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.VoidPayment;

internal sealed class VoidPaymentHandler(PaymentsDbContext db, TimeProvider time) : IMessageHandler<Contracts.VoidPayment>
{
    public async Task Handle(Received<Contracts.VoidPayment> received, CancellationToken cancellationToken)
    {
        var (orderId, reason) = received.Message;
        if (await db.PaymentOfOrderAsync(orderId, cancellationToken) is { } payment)
        {
            payment.Undo(reason, time.GetUtcNow());
        }
        else if (await db.CancelledOrders.FindAsync([orderId], cancellationToken) is null)
        {
            db.Add(CancelledOrder.Of(orderId, reason, time.GetUtcNow()));
        }
    }
}
