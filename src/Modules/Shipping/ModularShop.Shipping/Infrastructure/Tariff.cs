using ModularShop.Shipping.Contracts;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure;

/// <summary>What it costs to send a parcel somewhere.</summary>
internal sealed class Tariff(ShippingDbContext db)
{
    /// <summary>Cheapest first; at least one, or the reason why there is none.</summary>
    public async Task<Result<IReadOnlyList<ShippingRate>>> QuoteAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken)
    {
        var code = Country.Normalise(country);
        if (await db.Countries.AsNoTracking().SingleOrDefaultAsync(c => c.Code == code, cancellationToken) is not { } destination)
        {
            return ShippingError.UnknownCountry.Because(
                $"'{(code.Length <= 10 ? code : code[..10] + "…")}' is no country; use an ISO 3166-1 code of two letters such as DE.");
        }

        if (destination.Zone is not { } zone)
        {
            return ShippingError.CountryNotServed.Because($"No carrier takes parcels to {destination.Name} ({code}).");
        }

        if (weightGrams > Rate.MaxGrams)
        {
            return ShippingError.ParcelTooHeavy.Because($"The parcel weighs {weightGrams} g; a parcel is {Rate.MaxGrams} g at most.") with
            {
                Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["maxWeightGrams"] = Rate.MaxGrams },
            };
        }

        var wanted = currency.Trim().ToUpperInvariant();
        var rates = await db.Rates.AsNoTracking()
            .Where(r => r.Zone == zone && r.OverGrams < weightGrams && r.UpToGrams >= weightGrams)
            .ToListAsync(cancellationToken);
        var quotes = rates
            .Select(r => (Rate: r, Price: r.PriceIn(wanted)))
            .Where(q => q.Price is not null)
            .Select(q => new ShippingRate(q.Rate.Service.Code(), q.Rate.Service.Title(), q.Price!.Value, q.Rate.MinDays, q.Rate.MaxDays))
            .OrderBy(q => q.Price.Amount).ThenBy(q => q.ServiceCode, StringComparer.Ordinal)
            .ToList();
        if (quotes.Count > 0)
        {
            return quotes;
        }

        var priced = rates.SelectMany(r => r.Prices).Select(p => p.Currency).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return ShippingError.UnsupportedCurrency.Because(
            $"Parcels are priced in {string.Join(", ", priced)}, not in '{(wanted.Length <= 10 ? wanted : wanted[..10] + "…")}'.");
    }
}
