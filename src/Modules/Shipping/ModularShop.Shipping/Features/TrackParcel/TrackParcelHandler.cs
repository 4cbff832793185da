using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.TrackParcel;

internal sealed class TrackParcelHandler(ShippingDbContext db) : IRequestHandler<TrackParcel, Result<ParcelTrack>>
{
    public async Task<Result<ParcelTrack>> Handle(TrackParcel query, CancellationToken cancellationToken)
    {
        var number = TrackingNumber.Normalise(query.TrackingNumber);
        var found = await db.Shipments.AsNoTracking().Where(s => s.TrackingNumber == number)
            .Select(s => new { s.Status, Events = s.Events.OrderBy(e => e.Number).Select(e => new ParcelStop(e.At, e.Status, e.Place)).ToList() })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null
            ? ShippingError.ShipmentNotFound.Because($"There is no parcel of this number; a number looks like MS7K3M9QX2DE.")
            : new ParcelTrack(number, found.Status, found.Events);
    }
}
