using System.Security.Claims;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetOrder;

internal static class GetOrderEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("orders/{orderId:guid}", HandleAsync)
        .WithName("Ordering.GetOrder")
        .WithSummary("An order: a customer's own, or for operators anybody's")
        .Fails(OrderingError.OrderNotFound)
        .ForCustomersAndOperators();

    private static async Task<Results<Ok<OrderDetails>, Failure>> HandleAsync(
        Guid orderId, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetOrder(orderId, user.OnlyOrdersOf()), cancellationToken)).ToHttp(TypedResults.Ok);
}
