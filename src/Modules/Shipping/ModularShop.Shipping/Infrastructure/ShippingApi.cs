using System.Text.Json;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Shipping.Infrastructure;

internal sealed class ShippingApi(ShippingDbContext db, Tariff tariff) : IShippingApi
{
    public async Task<IReadOnlyList<ShippingRate>> QuoteAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken)
    {
        var quotes = await tariff.QuoteAsync(country, weightGrams, currency, cancellationToken);
        return quotes.Error is null ? quotes.Value : [];
    }

    public Task<IReadOnlyList<ShippingRate>> EstimateAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken) =>
        QuoteAsync(country, weightGrams, currency, cancellationToken);

    public async Task<ShipmentSummary?> GetShipmentOfOrderAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var found = await db.Shipments.AsNoTracking().Where(s => s.OrderId == orderId)
            .Select(s => new { s.Id, s.Status, s.TrackingNumber, s.RequestedAt, s.DispatchedAt, s.DeliveredAt }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new ShipmentSummary(
            found.Id, orderId, JsonNamingPolicy.CamelCase.ConvertName(found.Status.ToString()), found.TrackingNumber, found.RequestedAt, found.DispatchedAt, found.DeliveredAt);
    }
}
