using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.ListRates;

internal static class ListRatesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("rates/table", HandleAsync)
        .WithName("Shipping.ListRates")
        .WithSummary("All rates by zone, service and band of weight")
        .Fails(ShippingError.RateNotFound, RequestError.Cursor, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Ok<Page<RateRow>>, Failure>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, string? zone = null, string? after = null, int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListRates(zone, after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
