using System.Security.Claims;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListOrders;

internal static class ListOrdersEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("orders", HandleAsync)
        .WithName("Ordering.ListOrders")
        .WithSummary("The orders of the customer who is logged in, newest first")
        .Fails(RequestError.Cursor, RequestError.Invalid)
        .ForCustomers();

    private static async Task<Results<Ok<Page<OrderRow>>, Failure>> HandleAsync(
        ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken, string? after = null, int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListOrders(user.CustomerId(), after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
