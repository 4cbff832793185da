namespace ModularShop.Shipping.Features.ListShipments;

internal static class ListShipmentsEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("shipments", HandleAsync)
        .WithName("Shipping.ListShipments")
        .WithSummary("All shipments, newest first; filter by status")
        .Fails(RequestError.Cursor, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Ok<Page<ShipmentRow>>, Failure>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, string? status = null, string? after = null, int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListShipments(status, after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
