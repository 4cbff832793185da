using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.RefundPayment;

internal sealed class RefundPaymentHandler(PaymentsDbContext db, TimeProvider time) : IRequestHandler<RefundPayment, Result>
{
    public async Task<Result> Handle(RefundPayment command, CancellationToken cancellationToken) =>
        await db.PaymentOfOrderAsync(command.OrderId, cancellationToken) is { } payment
            ? payment.RequestRefund(command.IdempotencyKey, command.Amount, command.Reason, time.GetUtcNow())
            : PaymentsError.PaymentNotFound.Because($"There is no payment of an order {command.OrderId}.");
}
