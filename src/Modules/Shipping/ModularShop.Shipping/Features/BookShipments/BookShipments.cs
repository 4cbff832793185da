using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;
using ModularShop.Shipping.Infrastructure.Carrier;

namespace ModularShop.Shipping.Features.BookShipments;

/// <summary>Carries out what shipments want of the carrier: bookings and their cancellations.</summary>
/// <remarks>
/// :: Step 1 picks the errands that are due, as many as may run at the same time; one that hangs does not hold up the
/// others. :: Step 2 calls the carrier, outside any transaction, about each parcel by one call at a time. :: Step 3 records each answer in a save of its own. The
/// lease is not asserted there: a host that has lost it can only have repeated a call with the same number, and
/// the shipment ignores an answer it does not wait for; two saves of one shipment meet at its Version.
/// </remarks>
internal sealed class BookShipments(
    IServiceScopeFactory scopes, CarrierCalls carrier, IOptions<CarrierOptions> options, TimeProvider time, ILogger<BookShipments> logger)
    : IModuleWorker
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public async Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var running = new Dictionary<Guid, Task>();
        var worked = false;
        try
        {
            do
            {
                // :: Step 1
                foreach (var call in await DueAsync(running.Keys, options.Value.Concurrency - running.Count, cancellationToken))
                {
                    running[call.ShipmentId] = CallAsync(call, cancellationToken);
                    worked = true;
                }

                if (running.Count > 0)
                {
                    await Task.WhenAny([.. running.Values, Task.Delay(LookAgain, time, cancellationToken)]);
                }

                foreach (var (id, call) in running.Where(r => r.Value.IsCompleted).ToList())
                {
                    running.Remove(id);
                    await call;
                }
            }
            while (running.Count > 0);
        }
        finally
        {
            await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return worked;
    }

    private async Task<IReadOnlyList<DueCall>> DueAsync(IReadOnlyCollection<Guid> running, int wanted, CancellationToken cancellationToken)
    {
        if (wanted <= 0)
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        // What seems to be due later than anything ever is was put off before the clock went back.
        var never = now + (TimeSpan.FromSeconds(options.Value.RetryMaxSeconds) * 1.2);
        var due = scope.ServiceProvider.GetRequiredService<ShippingDbContext>().Shipments.AsNoTracking().Where(s => s.NextCallAt <= now || s.NextCallAt > never);
        due = running.Count == 0 ? due : due.Where(s => !running.Contains(s.Id));
        return await due.OrderBy(s => s.NextCallAt).Take(wanted)
            .Select(s => new DueCall(s.Id, s.Errand, new Parcel(s.TrackingNumber, s.ServiceCode, s.WeightGrams, s.Address, s.BookedAt)))
            .ToListAsync(cancellationToken);
    }

    private async Task CallAsync(DueCall call, CancellationToken cancellationToken)
    {
        // :: Step 2
        Action<Shipment> answer;
        try
        {
            answer = call.Errand is CarrierErrand.Book
                ? WhenBooked(await carrier.BookAsync(call.Parcel, cancellationToken))
                : WhenCancelled(await carrier.CancelAsync(call.Parcel, cancellationToken));
        }
        catch (CarrierUnavailableException e)
        {
            answer = WhenUnavailable(call.Errand, e.Message);
        }

        // :: Step 3
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShippingDbContext>();
        answer(await db.Shipments.SingleAsync(s => s.Id == call.ShipmentId, cancellationToken));
        try
        {
            // A crash before this commit: the carrier may have done it, and the errand is still here; the next
            // holder calls again with the same number, which does it once. After it: the answer is in the outbox.
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsLostRace())
        {
            // A request or a message changed the shipment meanwhile: the errand is still due, or another one is.
        }
    }

    private Action<Shipment> WhenBooked(BookingAnswer answer) => answer switch
    {
        BookingAnswer.Booked => shipment => shipment.Booked(time.GetUtcNow()),
        _ => shipment => shipment.AddressNotServed(time.GetUtcNow()),
    };

    private Action<Shipment> WhenCancelled(CancellationAnswer answer) => shipment =>
    {
        if (answer is CancellationAnswer.Cancelled)
        {
            shipment.CancellationConfirmed(time.GetUtcNow());
        }
        else if (shipment.CancellationCameTooLate(time.GetUtcNow()))
        {
            Log.LeftAllTheSame(logger, shipment.TrackingNumber, shipment.OrderId);
        }
    };

    private Action<Shipment> WhenUnavailable(CarrierErrand errand, string reason) => shipment =>
    {
        var now = time.GetUtcNow();
        var next = now + options.Value.Backoff(shipment.FailedCalls);
        if (errand is CarrierErrand.Cancel)
        {
            shipment.CancellationFailed(next);
        }
        else if (shipment.BookingFailed(now, next, TimeSpan.FromSeconds(options.Value.GiveUpAfterSeconds)))
        {
            Log.BookingGivenUp(logger, shipment.TrackingNumber, shipment.OrderId, now - shipment.RequestedAt, reason);
        }
    };

    private sealed record DueCall(Guid ShipmentId, CarrierErrand Errand, Parcel Parcel);
}
