using System.Security.Claims;
using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.CreateCart;

internal static class CreateCartEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("carts", HandleAsync)
        .WithName("Ordering.CreateCart")
        .WithSummary("A new cart; for a customer who is logged in, the cart they have or a new one")
        .Fails(RequestError.Conflict)
        .ForVisitorsAndCustomers();

    private static async Task<Results<Created<CartDetails>, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new CreateCart(user.OptionalCustomerId()), cancellationToken))
            .ToHttp(cart => TypedResults.Created($"/api/v1/ordering/carts/{cart.Id}", cart));
}
