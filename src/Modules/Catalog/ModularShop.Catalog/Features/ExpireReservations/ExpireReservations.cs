using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ExpireReservations;

/// <summary>Gives back what orders hold that were not confirmed in time.</summary>
internal sealed class ExpireReservations(CatalogDbContext db, TimeProvider time) : IRecurringJob
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await db.Reservations.Where(r => r.Status == ReservationStatus.Held && r.ExpiresAt <= now)
            .OrderBy(r => r.ExpiresAt).Take(100).ToListAsync(cancellationToken);
        foreach (var reservation in due)
        {
            reservation.Expire(await db.StockOfAsync(reservation.Lines.Select(l => l.Sku), cancellationToken));
        }

        // Where a request or a message changed the same rows meanwhile, this save fails and the next run comes soon.
        await db.SaveChangesAsync(cancellationToken);
    }
}
