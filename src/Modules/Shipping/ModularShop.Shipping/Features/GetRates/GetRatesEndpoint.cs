using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.GetRates;

internal static class GetRatesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("rates", HandleAsync)
        .WithName("Shipping.GetRates")
        .WithSummary("What it costs to send a parcel to a country, cheapest first")
        .Fails(ShippingError.UnknownCountry, ShippingError.CountryNotServed, ShippingError.ParcelTooHeavy, ShippingError.UnsupportedCurrency, RequestError.Invalid)
        .ForEveryone();

    private static async Task<Results<Ok<Quotes>, Failure>> HandleAsync(
        string country, int weightGrams, IMediator mediator, CancellationToken cancellationToken, string currency = "EUR") =>
        (await mediator.Send(new GetRates(country, weightGrams, currency), cancellationToken)).ToHttp(TypedResults.Ok);
}
