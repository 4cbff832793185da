using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.ListShipments;

internal sealed class ListShipmentsHandler(ShippingDbContext db) : IRequestHandler<ListShipments, Result<Page<ShipmentRow>>>
{
    public async Task<Result<Page<ShipmentRow>>> Handle(ListShipments query, CancellationToken cancellationToken)
    {
        var shipments = db.Shipments.AsNoTracking();
        if (query.Status is { } name && ShipmentStatuses.TryParse(name, out var status))
        {
            shipments = shipments.Where(s => s.Status == status);
        }

        if (query.After is { } cursor)
        {
            if (!Cursor.TryDecode<Position>(cursor, out var after))
            {
                return RequestError.Cursor.Because("'after' is not the 'next' of a page of this list.");
            }

            shipments = shipments.Where(s => s.RequestedAt < after.At || (s.RequestedAt == after.At && string.Compare(s.TrackingNumber, after.Number) > 0));
        }

        var rows = await shipments.OrderByDescending(s => s.RequestedAt).ThenBy(s => s.TrackingNumber).Take(query.Size + 1)
            .Select(s => new ShipmentRow(
                s.OrderId, s.OrderNumber, s.TrackingNumber, s.Status, s.Reason, s.ServiceCode, s.Address.Country, s.WeightGrams, s.RequestedAt,
                s.NextCallAt != null, s.FailedCalls))
            .ToListAsync(cancellationToken);
        return Page<ShipmentRow>.Of(rows, query.Size, r => r, r => new Position(r.RequestedAt, r.TrackingNumber));
    }

    internal sealed record Position(DateTimeOffset At, string Number);
}
