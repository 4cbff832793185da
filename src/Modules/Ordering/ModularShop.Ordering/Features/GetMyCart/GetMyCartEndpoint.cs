using System.Security.Claims;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.GetMyCart;

internal static class GetMyCartEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("carts/mine", HandleAsync)
        .WithName("Ordering.GetMyCart")
        .WithSummary("The open cart of the customer who is logged in")
        .Fails(OrderingError.CartNotFound)
        .ForCustomers();

    private static async Task<Results<Ok<CartDetails>, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetMyCart(user.CustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
