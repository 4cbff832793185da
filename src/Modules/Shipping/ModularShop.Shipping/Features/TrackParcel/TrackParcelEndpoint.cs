using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.TrackParcel;

internal static class TrackParcelEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("tracking/{trackingNumber}", HandleAsync)
        .WithName("Shipping.TrackParcel")
        .WithSummary("Where a parcel is, for whoever knows its number")
        .Fails(ShippingError.ShipmentNotFound)
        .ForEveryone();

    private static async Task<Results<Ok<ParcelTrack>, Failure>> HandleAsync(string trackingNumber, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new TrackParcel(trackingNumber), cancellationToken)).ToHttp(TypedResults.Ok);
}
