using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.GetRates;

internal sealed class GetRatesHandler(Tariff tariff) : IRequestHandler<GetRates, Result<Quotes>>
{
    public async Task<Result<Quotes>> Handle(GetRates query, CancellationToken cancellationToken)
    {
        var quotes = await tariff.QuoteAsync(query.Country, query.WeightGrams, query.Currency, cancellationToken);
        return quotes.Error is { } error ? error : new Quotes(quotes.Value);
    }
}
