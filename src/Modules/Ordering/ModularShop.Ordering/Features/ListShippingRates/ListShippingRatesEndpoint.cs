using System.Security.Claims;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.ListShippingRates;

internal static class ListShippingRatesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("carts/{cartId:guid}/shipping-rates", HandleAsync)
        .WithName("Ordering.ListShippingRates")
        .WithSummary("What it costs to send the cart to a country, with the total of the order for each service")
        .Fails(OrderingError.CartNotFound, OrderingError.CartEmpty, RequestError.Invalid, ModuleError.Unavailable)
        .ForVisitorsAndCustomers();

    private static async Task<Results<Ok<Page<CartRate>>, Failure>> HandleAsync(
        Guid cartId, string country, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListShippingRates(cartId, user.OptionalCustomerId(), country), cancellationToken)).ToHttp(TypedResults.Ok);
}
