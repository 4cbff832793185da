using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.PurgeExpiredTokens;

/// <summary>
/// Removes what no longer decides anything: expired refresh tokens, sessions whose last token is expired, and
/// counts of wrong passwords that nobody added to for a day.
/// </summary>
internal sealed class PurgeExpiredTokens(CustomersDbContext db, TimeProvider time) : IRecurringJob
{
    private const int BatchSize = 500;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var yesterday = now.AddDays(-1);
        await PurgeAsync(db.RefreshTokens.Where(t => t.ExpiresAt <= now).OrderBy(t => t.ExpiresAt), cancellationToken);
        await PurgeAsync(db.Sessions.Where(s => s.ExpiresAt <= now).OrderBy(s => s.ExpiresAt), cancellationToken);
        await PurgeAsync(
            db.LogInAttempts.Where(a => a.LastAt <= yesterday && (a.LockedUntil == null || a.LockedUntil <= now)).OrderBy(a => a.LastAt), cancellationToken);
    }

    private async Task PurgeAsync<T>(IQueryable<T> due, CancellationToken cancellationToken)
        where T : class
    {
        List<T> batch;
        do
        {
            batch = await due.Take(BatchSize).ToListAsync(cancellationToken);
            db.RemoveRange(batch);

            // A crash here leaves the rest to the next run. So does somebody who changed one of the rows meanwhile.
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
        while (batch.Count == BatchSize);
    }
}
