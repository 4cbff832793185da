using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.ListRates;

internal sealed class ListRatesHandler(ShippingDbContext db) : IRequestHandler<ListRates, Result<Page<RateRow>>>
{
    public async Task<Result<Page<RateRow>>> Handle(ListRates query, CancellationToken cancellationToken)
    {
        var rates = db.Rates.AsNoTracking();
        if (query.Zone is { Length: > 0 } name)
        {
            if (!Zones.TryParse(name, out var zone))
            {
                return ShippingError.RateNotFound.Because($"There is no such zone; there are {Zones.All}.");
            }

            rates = rates.Where(r => r.Zone == zone);
        }

        Position? after = null;
        if (query.After is { } cursor && !Cursor.TryDecode<Position>(cursor, out after))
        {
            return RequestError.Cursor.Because("'after' is not the 'next' of a page of this list.");
        }

        rates = after is null ? rates : rates.Where(r => string.Compare(r.Code, after.Code) > 0);
        var rows = await rates.OrderBy(r => r.Code).Take(query.Size + 1).ToListAsync(cancellationToken);
        return Page<RateRow>.Of(rows, query.Size, ToRow, r => new Position(r.Code));
    }

    private static RateRow ToRow(Rate r) => new(
        r.Zone.Name(), r.Service.Code(), r.UpToGrams, r.OverGrams, r.UpToGrams, r.MinDays, r.MaxDays,
        [.. r.Prices.Select(p => p.ToMoney()).OrderBy(p => p.Currency, StringComparer.Ordinal)]);

    internal sealed record Position(string Code);
}
