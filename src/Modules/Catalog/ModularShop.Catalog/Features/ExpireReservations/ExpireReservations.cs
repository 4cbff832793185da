using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ExpireReservations;

/// <summary>Gives back what orders hold that were not confirmed in time.</summary>
internal sealed class ExpireReservations(CatalogDbContext db, TimeProvider time) : IRecurringJob
{
    private const int Batch = 100;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        int due, expired;
        do
        {
            db.ChangeTracker.Clear();
            var ids = await db.Reservations.AsNoTracking().Where(r => r.Status == ReservationStatus.Held && r.ExpiresAt <= now)
                .OrderBy(r => r.ExpiresAt).Take(Batch).Select(r => r.Id).ToListAsync(cancellationToken);
            (due, expired) = (ids.Count, 0);
            foreach (var id in ids)
            {
                expired += await TryExpireAsync(id, cancellationToken) ? 1 : 0;
            }
        }
        while (due == Batch && expired > 0);
    }

    private async Task<bool> TryExpireAsync(Guid id, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        if (await db.Reservations.FindAsync([id], cancellationToken) is not { } reservation)
        {
            return false;
        }

        reservation.Expire(await db.StockOfAsync(reservation, cancellationToken));
        try
        {
            // A crash before this commit: the reservation is still held, and the next run finds it. After it: the
            // pieces are available and the outbox tells Ordering. Two processes at once: the versions let one win.
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (e.IsLostRace())
        {
            // A message or a request was faster: the next run looks again.
            return false;
        }
    }
}
