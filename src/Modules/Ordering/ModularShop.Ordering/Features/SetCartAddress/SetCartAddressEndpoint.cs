using System.Security.Claims;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.SetCartAddress;

internal static class SetCartAddressEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("carts/{cartId:guid}/address", HandleAsync)
        .WithName("Ordering.SetCartAddress")
        .WithSummary("Say where the cart will be sent: an address of the address book, or one written out")
        .Fails(OrderingError.CartNotFound, OrderingError.CartClosed, OrderingError.AddressNotFound, RequestError.Invalid, RequestError.Conflict, ModuleError.Unavailable)
        .ForCustomers();

    private static async Task<Results<Ok<CartDetails>, Failure>> HandleAsync(
        Guid cartId, Request request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new SetCartAddress(cartId, user.CustomerId(), request.AddressId, request.Address), cancellationToken)).ToHttp(TypedResults.Ok);

    internal sealed record Request(Guid? AddressId = null, PostalAddress? Address = null);
}
