using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListAllOrders;

internal static class ListAllOrdersEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("orders/all", HandleAsync)
        .WithName("Ordering.ListAllOrders")
        .WithSummary("Everybody's orders, newest first; of one status, if wanted")
        .Fails(RequestError.Cursor, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Ok<Page<OrderRow>>, Failure>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, string? status = null, string? after = null, int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListAllOrders(status, after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
