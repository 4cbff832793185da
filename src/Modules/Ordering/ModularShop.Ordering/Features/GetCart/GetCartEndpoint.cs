using System.Security.Claims;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetCart;

internal static class GetCartEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("carts/{cartId:guid}", HandleAsync)
        .WithName("Ordering.GetCart")
        .WithSummary("A cart: an anonymous one for whoever knows its id, a customer's for that customer")
        .Fails(OrderingError.CartNotFound)
        .ForVisitorsAndCustomers();

    private static async Task<Results<Ok<CartDetails>, Failure>> HandleAsync(
        Guid cartId, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetCart(cartId, user.OptionalCustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
