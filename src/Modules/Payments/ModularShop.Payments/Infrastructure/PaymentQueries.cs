using System.Linq.Expressions;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure;

internal static class PaymentQueries
{
    public static Task<Payment?> PaymentOfOrderAsync(this PaymentsDbContext db, Guid orderId, CancellationToken cancellationToken) =>
        db.PaymentAsync(p => p.OrderId == orderId, cancellationToken);

    /// <summary>A payment to decide on: its state is what its events say, not what its row says.</summary>
    public static async Task<Payment?> PaymentAsync(this PaymentsDbContext db, Expression<Func<Payment, bool>> which, CancellationToken cancellationToken)
    {
        var payment = await db.Payments.SingleOrDefaultAsync(which, cancellationToken);
        payment?.Fold();
        return payment;
    }
}
