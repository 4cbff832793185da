using System.Security.Claims;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.RemoveCartLine;

internal static class RemoveCartLineEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("carts/{cartId:guid}/lines/{sku}", HandleAsync)
        .WithName("Ordering.RemoveCartLine")
        .WithSummary("Take a product out of the cart")
        .Fails(OrderingError.CartNotFound, OrderingError.CartClosed, RequestError.Conflict)
        .ForVisitorsAndCustomers();

    private static async Task<Results<Ok<CartDetails>, Failure>> HandleAsync(
        Guid cartId, string sku, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RemoveCartLine(cartId, user.OptionalCustomerId(), sku), cancellationToken)).ToHttp(TypedResults.Ok);
}
