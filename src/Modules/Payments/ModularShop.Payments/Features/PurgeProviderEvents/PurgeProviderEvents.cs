using Microsoft.Extensions.Options;
using ModularShop.Payments.Infrastructure;
using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments.Features.PurgeProviderEvents;

/// <summary>Removes events of the provider that it repeats no more. One that came even later would meet a payment which knows the answer.</summary>
internal sealed class PurgeProviderEvents(PaymentsDbContext db, IOptions<ProviderOptions> options, TimeProvider time) : IRecurringJob
{
    private const int BatchSize = 500;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.EventRetention;
        while (await db.ProviderEvents.Where(e => e.ReceivedAt < before).OrderBy(e => e.ReceivedAt).Take(BatchSize).ToListAsync(cancellationToken) is { Count: > 0 } old)
        {
            db.RemoveRange(old);

            // A crash here leaves the rest to the next run.
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }
}
