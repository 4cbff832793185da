namespace ModularShop.Shipping.Contracts;

/// <summary>What other modules may ask about shipping.</summary>
public interface IShippingApi
{
    /// <summary>The services that carry a parcel there, cheapest first; none where the country or the weight is not served.</summary>
    /// <param name="country">ISO 3166-1 alpha-2, upper case.</param>
    /// <param name="weightGrams">Weight of the whole parcel, more than 0.</param>
    /// <param name="currency">ISO 4217 code of the currency the rates are wanted in.</param>
    Task<IReadOnlyList<ShippingRate>> QuoteAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="QuoteAsync"/> says, to be shown and not to be charged: from another process it may be half a minute old.
    /// </summary>
    [MayBeStale(seconds: 30)]
    Task<IReadOnlyList<ShippingRate>> EstimateAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken);

    /// <summary>Null where no shipment was ever asked for.</summary>
    Task<ShipmentSummary?> GetShipmentOfOrderAsync(Guid orderId, CancellationToken cancellationToken);
}

/// <param name="Status"><c>requested</c>, <c>booked</c>, <c>dispatched</c>, <c>delivered</c> …</param>
public sealed record ShipmentSummary(
    Guid ShipmentId, Guid OrderId, string Status, string TrackingNumber, DateTimeOffset RequestedAt, DateTimeOffset? DispatchedAt, DateTimeOffset? DeliveredAt);

/// <param name="ServiceCode">What <see cref="CreateShipment"/> takes: <c>standard</c>, <c>express</c> …</param>
/// <param name="MinDays">Working days until delivery.</param>
public sealed record ShippingRate(string ServiceCode, string Name, Money Price, int MinDays, int MaxDays);
