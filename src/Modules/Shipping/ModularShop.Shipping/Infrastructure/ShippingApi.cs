using ModularShop.Shipping.Contracts;

namespace ModularShop.Shipping.Infrastructure;

internal sealed class ShippingApi(Tariff tariff) : IShippingApi
{
    public async Task<IReadOnlyList<ShippingRate>> QuoteAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken)
    {
        var quotes = await tariff.QuoteAsync(country, weightGrams, currency, cancellationToken);
        return quotes.Error is null ? quotes.Value : [];
    }
}
