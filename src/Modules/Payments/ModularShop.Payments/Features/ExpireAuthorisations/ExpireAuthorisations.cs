using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.ExpireAuthorisations;

/// <summary>Lets go of amounts that were held for as long as the card holder's bank holds them and never taken.</summary>
internal sealed class ExpireAuthorisations(PaymentsDbContext db, TimeProvider time) : IRecurringJob
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await db.Payments.AsNoTracking().Where(p => p.Status == PaymentStatus.Authorised && p.PendingCall == null && p.ExpiresAt <= now)
            .OrderBy(p => p.ExpiresAt).Select(p => p.Id).Take(100).ToListAsync(cancellationToken);
        foreach (var id in due)
        {
            try
            {
                if (await db.PaymentAsync(p => p.Id == id, cancellationToken) is { } payment && payment.Expire(now))
                {
                    await db.SaveChangesAsync(cancellationToken);
                }
            }
            catch (DbUpdateException e) when (e.IsLostRace())
            {
                // Captured or voided at this moment; the next run sees which.
            }

            db.ChangeTracker.Clear();
        }
    }
}
