using ModularShop.Payments.Contracts;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.WhenPaymentCaptured;

/// <summary>
/// The module's own message: one handler at a time takes the next number, so captures that are answered at the same
/// time do not compete for it.
/// </summary>
internal sealed class IssueInvoice(PaymentsDbContext db, TimeProvider time) : IMessageHandler<PaymentCaptured>
{
    public async Task Handle(Received<PaymentCaptured> received, CancellationToken cancellationToken)
    {
        var paymentId = received.Message.PaymentId;
        if (await db.Invoices.AnyAsync(i => i.PaymentId == paymentId, cancellationToken)
            || await db.PaymentAsync(p => p.Id == paymentId, cancellationToken) is not { } payment)
        {
            return;
        }

        var now = time.GetUtcNow();
        var numbers = await db.InvoiceNumbers.SingleOrDefaultAsync(n => n.Year == now.Year, cancellationToken) ?? db.Add(InvoiceNumbers.Of(now.Year)).Entity;
        db.Add(Invoice.Issue(payment, numbers, now));
    }
}
