using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.Shipping.Features.CreateShipment;

internal sealed class CreateShipmentHandler(ShippingDbContext db, TimeProvider time) : IMessageHandler<Contracts.CreateShipment>
{
    public async Task Handle(Received<Contracts.CreateShipment> received, CancellationToken cancellationToken)
    {
        var command = received.Message;
        if (await db.Shipments.SingleOrDefaultAsync(s => s.OrderId == command.OrderId, cancellationToken) is { } existing)
        {
            existing.AnswerAgain();
            return;
        }

        if (await db.StoppedOrders.FindAsync([command.OrderId], cancellationToken) is { } stopped)
        {
            stopped.RefuseShipment();
            return;
        }

        var address = AddressLimits.Fit(command.Address);
        db.Add(await RefusalAsync(command, address, cancellationToken) is { } reason
            ? Shipment.Refuse(command, address, reason, time.GetUtcNow())
            : Shipment.Request(command, address, time.GetUtcNow()));
    }

    /// <summary>What can be known without asking the carrier.</summary>
    private async Task<string?> RefusalAsync(Contracts.CreateShipment command, PostalAddress address, CancellationToken cancellationToken)
    {
        var zone = await db.Countries.Where(c => c.Code == address.Country).Select(c => c.Zone).SingleOrDefaultAsync(cancellationToken);
        if (zone is null || !AddressLimits.IsComplete(command.Address, address))
        {
            return RefusalReasons.AddressNotServed;
        }

        if (command.WeightGrams > Rate.MaxGrams)
        {
            return RefusalReasons.ParcelTooHeavy;
        }

        var offered = Services.TryParse(command.ServiceCode, out var service) && await db.Rates.AnyAsync(
            r => r.Zone == zone && r.Service == service && r.OverGrams < command.WeightGrams && r.UpToGrams >= command.WeightGrams, cancellationToken);
        return offered ? null : RefusalReasons.ServiceNotOffered;
    }
}
