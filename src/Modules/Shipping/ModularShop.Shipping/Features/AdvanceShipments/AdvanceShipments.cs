using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;
using ModularShop.Shipping.Infrastructure.Carrier;

namespace ModularShop.Shipping.Features.AdvanceShipments;

/// <summary>Asks the carrier what has become of the parcels it has.</summary>
/// <remarks>
/// :: Step 1 reads a page of the parcels under way, in the order of their numbers. :: Step 2 asks the carrier for
/// each, outside any transaction. :: Step 3 records what is new, each shipment in a save of its own. The
/// carrier's history only grows and a shipment knows how much of it it has, so that a second run finds nothing.
/// </remarks>
internal sealed class AdvanceShipments(
    IServiceScopeFactory scopes, ShippingDbContext db, CarrierCalls carrier, IOptions<CarrierOptions> options, ILogger<AdvanceShipments> logger)
    : IRecurringJob
{
    private const int PageSize = 200;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<string>();
        var last = "";
        List<TrackedParcel> page;
        do
        {
            // :: Step 1
            page = await ReadAsync(last, cancellationToken);
            await Parallel.ForEachAsync(
                page, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = cancellationToken },
                async (parcel, token) => await AdvanceAsync(parcel, failures, token));
            last = page.Count > 0 ? page[^1].Parcel.TrackingNumber : last;
        }
        while (page.Count == PageSize);

        if (failures.TryPeek(out var reason))
        {
            Log.TrackingFailed(logger, failures.Count, reason);
        }
    }

    private Task<List<TrackedParcel>> ReadAsync(string last, CancellationToken cancellationToken) =>
        db.Shipments.AsNoTracking().Where(s => ShipmentStatuses.Tracked.Contains(s.Status) && string.Compare(s.TrackingNumber, last) > 0)
            .OrderBy(s => s.TrackingNumber).Take(PageSize)
            .Select(s => new TrackedParcel(s.Id, s.CarrierEvents, new Parcel(s.TrackingNumber, s.ServiceCode, s.WeightGrams, s.Address, s.BookedAt)))
            .ToListAsync(cancellationToken);

    private async Task AdvanceAsync(TrackedParcel tracked, ConcurrentQueue<string> failures, CancellationToken cancellationToken)
    {
        // :: Step 2
        IReadOnlyList<CarrierEvent> history;
        try
        {
            history = await carrier.TrackAsync(tracked.Parcel, cancellationToken);
        }
        catch (CarrierUnavailableException e)
        {
            failures.Enqueue(e.Message);
            return;
        }

        if (history.Count <= tracked.KnownEvents)
        {
            return;
        }

        // :: Step 3
        await using var scope = scopes.CreateAsyncScope();
        var own = scope.ServiceProvider.GetRequiredService<ShippingDbContext>();
        var shipment = await own.Shipments.SingleAsync(s => s.Id == tracked.ShipmentId, cancellationToken);
        shipment.Record(history);
        try
        {
            // A crash before this commit: the next run asks again and is told the same and more.
            await own.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsLostRace())
        {
            // A cancellation, or another run, changed the shipment meanwhile: the next run records what is still new.
        }
    }

    private sealed record TrackedParcel(Guid ShipmentId, int KnownEvents, Parcel Parcel);
}
