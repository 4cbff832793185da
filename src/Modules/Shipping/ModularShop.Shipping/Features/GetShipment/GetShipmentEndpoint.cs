using System.Security.Claims;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.GetShipment;

internal static class GetShipmentEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("shipments/{orderId:guid}", HandleAsync)
        .WithName("Shipping.GetShipment")
        .WithSummary("The shipment of one's own order with its tracking; an operator sees any")
        .Fails(ShippingError.ShipmentNotFound)
        .ForCustomersAndOperators();

    private static async Task<Results<Ok<ShipmentDetails>, Failure>> HandleAsync(
        Guid orderId, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetShipment(orderId, user.IsInRole(Access.Operator) ? null : user.CustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
