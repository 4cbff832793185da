namespace ModularShop.Shipping.Features.StopShipment;

internal sealed record StopShipment(Guid OrderId) : ICommand<Result<StoppedShipment>>;

/// <param name="Status"><c>cancelled</c>, or <c>cancelling</c> until the carrier has said whether the parcel has left.</param>
internal sealed record StoppedShipment(Guid OrderId, string Status);
