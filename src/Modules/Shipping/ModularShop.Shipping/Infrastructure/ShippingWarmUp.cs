using System.Globalization;
using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Features.ChangeRate;

namespace ModularShop.Shipping.Infrastructure;

/// <summary>What operators do to some rate.</summary>
internal sealed class ShippingWarmUp(ShippingDbContext db) : IWarmUp
{
    public async Task<IReadOnlyList<WarmUpRequest>> RequestsAsync(CancellationToken cancellationToken)
    {
        if (await db.Rates.AsNoTracking().OrderBy(r => r.Code).FirstOrDefaultAsync(cancellationToken) is not { } rate)
        {
            return [];
        }

        var price = rate.Prices[0].ToMoney();
        return
        [
            new("Shipping.ChangeRate", new ChangeRateEndpoint.Request(price with { Amount = price.Amount + 1 }))
            {
                Route = new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["zone"] = rate.Zone.Name(), ["service"] = rate.Service.Code(), ["band"] = rate.UpToGrams.ToString(CultureInfo.InvariantCulture),
                },
            },
        ];
    }
}
