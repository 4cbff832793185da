namespace ModularShop.Shipping.Contracts;

/// <summary>What other modules may ask about shipping.</summary>
public interface IShippingApi
{
    /// <summary>The services that carry a parcel there, cheapest first; none where the country or the weight is not served.</summary>
    /// <param name="country">ISO 3166-1 alpha-2, upper case.</param>
    /// <param name="weightGrams">Weight of the whole parcel, more than 0.</param>
    /// <param name="currency">ISO 4217 code of the currency the rates are wanted in.</param>
    Task<IReadOnlyList<ShippingRate>> QuoteAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken);
}

/// <param name="ServiceCode">What <see cref="CreateShipment"/> takes: <c>standard</c>, <c>express</c> …</param>
/// <param name="MinDays">Working days until delivery.</param>
public sealed record ShippingRate(string ServiceCode, string Name, Money Price, int MinDays, int MaxDays);
