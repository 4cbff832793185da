using ModularShop.Shipping.Contracts;

namespace ModularShop.Shipping.Domain;

/// <summary>
/// An order whose shipment was cancelled before it was asked for; its id is the order's. A request that comes
/// late, such as a replayed message, finds it and books nothing.
/// </summary>
internal sealed class StoppedOrder : AggregateRoot
{
    public static StoppedOrder For(Guid orderId) => new() { Id = orderId };

    public void ConfirmNothingLeaves() => Publish(new ShipmentCancelled(Id));

    public void RefuseShipment() => Publish(new ShipmentRefused(Id, RefusalReasons.Cancelled));
}
