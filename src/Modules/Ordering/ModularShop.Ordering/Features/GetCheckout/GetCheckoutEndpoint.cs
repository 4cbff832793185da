using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetCheckout;

internal static class GetCheckoutEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("orders/{orderId:guid}/saga", HandleAsync)
        .WithName("Ordering.GetCheckout")
        .WithSummary("The steps of an order's checkout saga")
        .Fails(OrderingError.OrderNotFound)
        .ForOperators();

    private static async Task<Results<Ok<CheckoutDetails>, Failure>> HandleAsync(Guid orderId, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetCheckout(orderId), cancellationToken)).ToHttp(TypedResults.Ok);
}
