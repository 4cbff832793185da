namespace ModularShop.Shipping.Domain;

/// <summary>
/// The company that carries the parcels. It knows a parcel by its tracking number, which is the idempotency key
/// too: booking a number twice books one parcel. Never called inside a transaction. Whatever it throws means
/// that the outcome is unknown.
/// </summary>
internal interface ICarrier
{
    Task<BookingAnswer> BookAsync(Parcel parcel, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets the parcel. A number the carrier has never seen is cancelled too and can never be booked: a
    /// booking that is still on its way when its cancellation arrives comes to nothing.
    /// </summary>
    Task<CancellationAnswer> CancelAsync(Parcel parcel, CancellationToken cancellationToken);

    /// <summary>All that has happened to the parcel since it was booked, oldest first; the list only ever grows.</summary>
    Task<IReadOnlyList<CarrierEvent>> TrackAsync(Parcel parcel, CancellationToken cancellationToken);
}

/// <summary>A parcel as the shop describes it to the carrier.</summary>
/// <param name="BookedAt">When the carrier confirmed it; null as long as it has not.</param>
internal sealed record Parcel(string TrackingNumber, string ServiceCode, int WeightGrams, PostalAddress Address, DateTimeOffset? BookedAt);

internal enum BookingAnswer
{
    Booked,
    AddressNotServed,
}

internal enum CancellationAnswer
{
    Cancelled,

    /// <summary>The parcel has been collected.</summary>
    TooLate,
}

internal sealed record CarrierEvent(ShipmentStatus Status, DateTimeOffset At, string Place, string Text);
