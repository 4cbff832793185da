using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentDeclined;

internal sealed class RejectOrder(OrderingDbContext db, TimeProvider time) : IMessageHandler<PaymentDeclined>
{
    public async Task Handle(Received<PaymentDeclined> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.PaymentIsDeclined(order, received.Message.Reason, time.GetUtcNow());
        }
    }
}
