using ModularShop.Payments.Contracts;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure;

internal sealed class PaymentsApi(PaymentsDbContext db) : IPaymentsApi
{
    public async Task<PaymentSummary?> GetPaymentOfOrderAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var found = await db.Payments.AsNoTracking().Where(p => p.OrderId == orderId).Select(p => new { p.Id, p.Status, p.Amount }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new PaymentSummary(found.Id, orderId, Payment.Name(found.Status), found.Amount);
    }
}
