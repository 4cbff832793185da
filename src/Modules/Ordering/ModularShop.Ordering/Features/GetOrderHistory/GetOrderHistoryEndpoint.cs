using System.Security.Claims;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetOrderHistory;

internal static class GetOrderHistoryEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("orders/{orderId:guid}/history", HandleAsync)
        .WithName("Ordering.GetOrderHistory")
        .WithSummary("What happened to an order, in plain words, oldest first")
        .Fails(OrderingError.OrderNotFound)
        .ForCustomersAndOperators();

    private static async Task<Results<Ok<Page<HistoryRow>>, Failure>> HandleAsync(
        Guid orderId, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetOrderHistory(orderId, user.OnlyOrdersOf()), cancellationToken)).ToHttp(TypedResults.Ok);
}
