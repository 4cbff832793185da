using System.Security.Claims;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetOrder;

namespace ModularShop.Ordering.Features.CancelOrder;

internal static class CancelOrderEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("orders/{orderId:guid}/cancel", HandleAsync)
        .WithName("Ordering.CancelOrder")
        .WithSummary("Cancel an order whose parcel has not left; once a shipment is booked, the carrier has the last word")
        .Fails(OrderingError.OrderNotFound, OrderingError.OrderNotCancellable, RequestError.Invalid, RequestError.Conflict)
        .ForCustomersAndOperators();

    private static async Task<Results<Ok<OrderDetails>, Failure>> HandleAsync(
        Guid orderId, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken, Request? request = null) =>
        (await mediator.Send(new CancelOrder(orderId, user.OnlyOrdersOf(), request?.Reason), cancellationToken)).ToHttp(TypedResults.Ok);

    /// <param name="Reason">An operator's, for the customer to read.</param>
    internal sealed record Request(string? Reason = null);
}
