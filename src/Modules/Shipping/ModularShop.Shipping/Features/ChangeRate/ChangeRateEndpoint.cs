using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.ChangeRate;

internal static class ChangeRateEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("rates/{zone}/{service}/{band:int}", HandleAsync)
        .WithName("Shipping.ChangeRate")
        .WithSummary("Give a rate a new price in one currency")
        .Fails(ShippingError.RateNotFound, ShippingError.UnsupportedCurrency, RequestError.Invalid, RequestError.Conflict)
        .ForOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        string zone, string service, int band, Request request, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ChangeRate(zone, service, band, request.Price), cancellationToken)).ToHttp();

    internal sealed record Request(Money Price);
}
