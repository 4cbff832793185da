using Microsoft.Extensions.Options;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure.Carrier;

/// <summary>
/// A carrier without vans. It keeps no books: where a parcel is follows from when it was booked, so that it
/// survives a restart and needs no store. It moves one status on every <c>StepSeconds</c>. As with test cards,
/// the address decides what goes wrong: recipient <c>Nobody Home</c> takes the parcel at the second attempt,
/// <c>Moved Away</c> never does, and postal code <c>00000</c> is on no map.
/// </summary>
internal sealed class SimulatedCarrier(IOptionsMonitor<CarrierOptions> options, TimeProvider time) : ICarrier
{
    private const string NotOnTheMap = "00000";

    private CarrierOptions.SimulateOptions Simulation => options.CurrentValue.Simulate;

    public async Task<BookingAnswer> BookAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        return parcel.Address.PostalCode.Trim() == NotOnTheMap ? BookingAnswer.AddressNotServed : BookingAnswer.Booked;
    }

    public async Task<CancellationAnswer> CancelAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        return StepsSince(parcel.BookedAt) > 0 ? CancellationAnswer.TooLate : CancellationAnswer.Cancelled;
    }

    public async Task<IReadOnlyList<CarrierEvent>> TrackAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        return [.. Journey(parcel).Take(StepsSince(parcel.BookedAt))
            .Select((stop, i) => new CarrierEvent(stop.Status, parcel.BookedAt!.Value.AddSeconds((double)Simulation.StepSeconds * (i + 1)), stop.Place, stop.Text))];
    }

    private static IEnumerable<(ShipmentStatus Status, string Place, string Text)> Journey(Parcel parcel)
    {
        var country = parcel.Address.Country;
        var depot = $"Delivery depot {country}-{Area(parcel.Address.PostalCode)}";
        yield return (ShipmentStatus.Dispatched, "Leipzig, DE", "The parcel has been collected from the sender");
        yield return (ShipmentStatus.InTransit, "Hub Leipzig/Halle, DE", "The parcel has been sorted");
        if (country != "DE")
        {
            yield return (ShipmentStatus.InTransit, $"Gateway {country}", "The parcel has arrived in the country of destination");
        }

        var attempts = Attempts(parcel.Address.Recipient);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            yield return (ShipmentStatus.OutForDelivery, depot, "The parcel is on its way to the recipient");
            if (attempt == attempts)
            {
                yield return (ShipmentStatus.Delivered, depot, "The parcel has been handed over");
                yield break;
            }

            yield return (ShipmentStatus.DeliveryFailed, depot, $"Nobody took the parcel, attempt {attempt} of 3");
        }

        yield return (ShipmentStatus.Returned, "Leipzig, DE", "The parcel has been returned to the sender");
    }

    /// <summary>The attempt at which the recipient is at home; null for never.</summary>
    private static int? Attempts(string recipient) => recipient.Trim().ToUpperInvariant() switch
    {
        "NOBODY HOME" => 2,
        "MOVED AWAY" => null,
        _ => 1,
    };

    private static string Area(string postalCode) => new([.. postalCode.Where(char.IsLetterOrDigit).Take(2)]);

    private int StepsSince(DateTimeOffset? bookedAt) =>
        bookedAt is { } since ? (int)Math.Clamp((time.GetUtcNow() - since).TotalSeconds / Simulation.StepSeconds, 0, 1000) : 0;

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        TransactionFlow.RefuseNetworkCall("the simulated carrier");
        await Task.Delay(TimeSpan.FromMilliseconds(Simulation.DelayMilliseconds), time, cancellationToken);
        if (Simulation.Down)
        {
            throw new CarrierUnavailableException("The simulated carrier has been told to be down.");
        }
    }
}
