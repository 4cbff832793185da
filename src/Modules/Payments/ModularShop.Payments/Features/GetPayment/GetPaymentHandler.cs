using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.GetPayment;

internal sealed class GetPaymentHandler(PaymentsDbContext db) : IRequestHandler<GetPayment, Result<PaymentDetails>>
{
    public async Task<Result<PaymentDetails>> Handle(GetPayment query, CancellationToken cancellationToken)
    {
        var payment = await db.Payments.AsNoTracking()
            .SingleOrDefaultAsync(p => p.OrderId == query.OrderId && (query.CustomerId == null || p.CustomerId == query.CustomerId), cancellationToken);
        if (payment is null)
        {
            return PaymentsError.PaymentNotFound.Because($"There is no payment of an order {query.OrderId}.");
        }

        var invoice = await db.Invoices.Where(i => i.PaymentId == payment.Id).Select(i => i.Number).SingleOrDefaultAsync(cancellationToken);
        return new PaymentDetails(
            payment.OrderId, payment.OrderNumber, payment.CustomerId, Payment.Name(payment.Status), payment.Amount, payment.Captured, payment.Refunded,
            payment.DeclineReason, payment.VoidReason, payment.RequestedAt, payment.AuthorisedAt, payment.ExpiresAt, payment.CapturedAt,
            payment.PendingCall?.ToString().ToLowerInvariant(), invoice,
            [.. payment.Events.OrderBy(e => e.Number).Select(e => new PaymentStep(e.Number, e.Type, e.At))]);
    }
}
