using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.StopShipment;

internal sealed class StopShipmentHandler(ShippingDbContext db, TimeProvider time) : IRequestHandler<StopShipment, Result<StoppedShipment>>
{
    public async Task<Result<StoppedShipment>> Handle(StopShipment command, CancellationToken cancellationToken)
    {
        if (await db.Shipments.SingleOrDefaultAsync(s => s.OrderId == command.OrderId, cancellationToken) is not { } shipment)
        {
            return ShippingError.ShipmentNotFound.Because($"There is no shipment of order {command.OrderId}.");
        }

        switch (shipment.Status)
        {
            case ShipmentStatus.Requested or ShipmentStatus.Booked:
                shipment.Cancel(time.GetUtcNow());
                break;
            case ShipmentStatus.Cancelling or ShipmentStatus.Cancelled:
                break;
            case var status when status.IsUnderWay():
                return ShippingError.AlreadyDispatched.Because($"Parcel {shipment.TrackingNumber} has left and cannot be stopped any more; it can be refused at the door.");
            default:
                return ShippingError.ShipmentFinished.Because($"The shipment of order {command.OrderId} is {shipment.Status.Name()}: there is nothing to stop.");
        }

        return new StoppedShipment(shipment.OrderId, shipment.Status.Name());
    }
}
