using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;
using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments.Features.GiveUpAuthorisations;

/// <summary>Declines what the provider has not answered for too long, and has it undone there: it may have been approved.</summary>
internal sealed class GiveUpAuthorisations(
    PaymentsDbContext db, IOptions<AuthorisationOptions> options, TimeProvider time, ILogger<GiveUpAuthorisations> logger) : IRecurringJob
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now - options.Value.MaximumWait;
        var stuck = await db.Payments.AsNoTracking().Where(p => p.PendingCall == ProviderCallKind.Authorise && p.RequestedAt <= oldest)
            .OrderBy(p => p.RequestedAt).Select(p => p.Id).Take(100).ToListAsync(cancellationToken);
        foreach (var id in stuck)
        {
            try
            {
                if (await db.PaymentAsync(p => p.Id == id, cancellationToken) is { } payment && payment.GiveUp(oldest, now))
                {
                    await db.SaveChangesAsync(cancellationToken);
                    Log.GivenUp(logger, payment.OrderNumber, now - payment.RequestedAt);
                }
            }
            catch (DbUpdateException e) when (e.IsLostRace())
            {
                // The answer has come at this moment, or the next run gives up.
            }

            db.ChangeTracker.Clear();
        }
    }
}
