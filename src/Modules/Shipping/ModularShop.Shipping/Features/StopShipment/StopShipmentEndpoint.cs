using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.StopShipment;

internal static class StopShipmentEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("shipments/{orderId:guid}/cancel", HandleAsync)
        .WithName("Shipping.StopShipment")
        .WithSummary("Cancel the shipment of an order, if it has not left yet")
        .Fails(ShippingError.ShipmentNotFound, ShippingError.AlreadyDispatched, ShippingError.ShipmentFinished, RequestError.Conflict)
        .ForOperators();

    private static async Task<Results<Ok<StoppedShipment>, Failure>> HandleAsync(Guid orderId, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new StopShipment(orderId), cancellationToken)).ToHttp(TypedResults.Ok);
}
