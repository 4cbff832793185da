using System.Security.Claims;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.SetCartLine;

internal static class SetCartLineEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("carts/{cartId:guid}/lines/{sku}", HandleAsync)
        .WithName("Ordering.SetCartLine")
        .WithSummary("Have so many pieces of a product in the cart, at its price of now; refused where there are others by now than were seen")
        .Fails(
            OrderingError.CartNotFound, OrderingError.CartClosed, OrderingError.CartFull, OrderingError.LineChanged, OrderingError.CurrencyMixed,
            OrderingError.ProductNotFound, OrderingError.ProductDiscontinued, RequestError.Invalid, RequestError.Conflict, ModuleError.Unavailable)
        .ForVisitorsAndCustomers();

    private static async Task<Results<Ok<CartDetails>, Failure>> HandleAsync(
        Guid cartId, string sku, Request request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new SetCartLine(cartId, user.OptionalCustomerId(), sku, request.Quantity, request.Seen), cancellationToken)).ToHttp(TypedResults.Ok);

    /// <param name="Seen">How many there were when it was decided, 0 for none; where there are others by now, nothing is done.</param>
    internal sealed record Request(int Quantity, int? Seen = null);
}
