using Microsoft.Extensions.Options;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.RemoveAbandonedCarts;

/// <summary>Removes carts that nobody has touched for long, closed ones among them: an order has lines of its own.</summary>
internal sealed class RemoveAbandonedCarts(OrderingDbContext db, IOptions<CartOptions> options, TimeProvider time) : IRecurringJob
{
    private const int Batch = 100;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().AddDays(-options.Value.AbandonedAfterDays);
        while (await db.Carts.Where(c => c.ChangedAt < before).OrderBy(c => c.ChangedAt).Take(Batch).ToListAsync(cancellationToken) is { Count: > 0 } abandoned)
        {
            db.RemoveRange(abandoned);
            // Where a customer comes back to one of them this very moment, the save fails and the next run takes the rest.
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }
}
