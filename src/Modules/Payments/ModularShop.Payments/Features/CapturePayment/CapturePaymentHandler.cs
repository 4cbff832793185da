using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.CapturePayment;

internal sealed class CapturePaymentHandler(PaymentsDbContext db, TimeProvider time) : IRequestHandler<CapturePayment, Result>
{
    public async Task<Result> Handle(CapturePayment command, CancellationToken cancellationToken) =>
        await db.PaymentOfOrderAsync(command.OrderId, cancellationToken) is { } payment
            ? payment.RequestCapture(time.GetUtcNow())
            : PaymentsError.PaymentNotFound.Because($"There is no payment of an order {command.OrderId}.");
}
