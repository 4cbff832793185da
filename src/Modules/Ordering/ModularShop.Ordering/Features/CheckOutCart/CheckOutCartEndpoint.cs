using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.CheckOutCart;

internal static class CheckOutCartEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("carts/{cartId:guid}/checkout", HandleAsync)
        .WithName("Ordering.CheckOutCart")
        .WithSummary("Order what is in the cart; the same Idempotency-Key and body give the same order, however often sent")
        .Fails(
            OrderingError.CartNotFound, OrderingError.CartClosed, OrderingError.CartEmpty, OrderingError.ProductDiscontinued, OrderingError.PriceChanged,
            OrderingError.TotalChanged, OrderingError.AddressMissing, OrderingError.ServiceNotAvailable, OrderingError.IdempotencyKeyReused,
            RequestError.Invalid, RequestError.Conflict, ModuleError.Unavailable)
        .ForCustomers();

    private static async Task<Results<Created<CheckOutReceipt>, Failure>> HandleAsync(
        Guid cartId, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, Request request, ClaimsPrincipal user, IMediator mediator,
        CancellationToken cancellationToken)
    {
        var command = new CheckOutCart(
            cartId, user.CustomerId(), idempotencyKey ?? "", request.Address, request.Service, request.CardToken, request.AcceptedTotal);
        var result = await mediator.Send(command, cancellationToken);
        if ((result.Error ?? result.Value.PriceChanged) is { } error)
        {
            return new Failure(error);
        }

        var receipt = result.Value.Receipt!;
        return TypedResults.Created($"/api/v1/ordering/orders/{receipt.OrderId}", receipt);
    }

    /// <param name="Service">One of the cart's shipping rates.</param>
    /// <param name="CardToken">From <c>POST /api/v1/payments/cards</c>.</param>
    internal sealed record Request(string Service, string CardToken, PostalAddress? Address = null, Money? AcceptedTotal = null);
}
