using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.GetShipment;

internal sealed class GetShipmentHandler(ShippingDbContext db) : IRequestHandler<GetShipment, Result<ShipmentDetails>>
{
    public async Task<Result<ShipmentDetails>> Handle(GetShipment query, CancellationToken cancellationToken)
    {
        var found = await db.Shipments.AsNoTracking()
            .SingleOrDefaultAsync(s => s.OrderId == query.OrderId && (query.CustomerId == null || s.CustomerId == query.CustomerId), cancellationToken);
        return found is { } s
            ? new ShipmentDetails(
                s.OrderId, s.OrderNumber, s.TrackingNumber, s.Status, s.Reason, s.ServiceCode, s.WeightGrams, s.Address, s.RequestedAt, s.DispatchedAt, s.DeliveredAt,
                [.. s.Events.OrderBy(e => e.Number).Select(e => new ShipmentEvent(e.At, e.Status, e.Place, e.Text))])
            : ShippingError.ShipmentNotFound.Because($"There is no shipment of order {query.OrderId}.");
    }
}
