using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.GetShipment;

/// <param name="CustomerId">Who asks; null for an operator, who may see every shipment.</param>
internal sealed record GetShipment(Guid OrderId, Guid? CustomerId) : IQuery<Result<ShipmentDetails>>;

internal sealed record ShipmentDetails(
    Guid OrderId, string OrderNumber, string TrackingNumber, ShipmentStatus Status, string? Reason, string Service, int WeightGrams, PostalAddress Address,
    DateTimeOffset RequestedAt, DateTimeOffset? DispatchedAt, DateTimeOffset? DeliveredAt, IReadOnlyList<ShipmentEvent> Events);

internal sealed record ShipmentEvent(DateTimeOffset At, ShipmentStatus Status, string Place, string Text);
