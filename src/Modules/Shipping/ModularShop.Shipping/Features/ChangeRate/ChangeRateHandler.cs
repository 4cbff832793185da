using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.ChangeRate;

internal sealed class ChangeRateHandler(ShippingDbContext db) : IRequestHandler<ChangeRate, Result>
{
    public async Task<Result> Handle(ChangeRate command, CancellationToken cancellationToken)
    {
        if (Zones.TryParse(command.Zone, out var zone) && Services.TryParse(command.Service, out var service))
        {
            var code = Rate.CodeOf(zone, service, command.Band);
            if (await db.Rates.SingleOrDefaultAsync(r => r.Code == code, cancellationToken) is { } rate)
            {
                return rate.ChangePrice(command.Price);
            }
        }

        return ShippingError.RateNotFound.Because(
            "There is no rate of this zone, service and band; GET rates/table lists them, such as eu/standard/2000.");
    }
}
