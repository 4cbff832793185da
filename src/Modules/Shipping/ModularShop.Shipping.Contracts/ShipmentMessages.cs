namespace ModularShop.Shipping.Contracts;

/// <summary>Book the parcel of an order with the carrier. Answered by <see cref="ShipmentCreated"/> or <see cref="ShipmentRefused"/>.</summary>
public sealed record CreateShipment(
    Guid OrderId, string OrderNumber, Guid CustomerId, PostalAddress Address, string ServiceCode, int WeightGrams) : ICommandMessage;

/// <summary>
/// Stop the shipment of an order, if it has not left yet. Answered by <see cref="ShipmentCancelled"/>, also where
/// there is no shipment, or by <see cref="ShipmentCancellationRefused"/>.
/// </summary>
public sealed record CancelShipment(Guid OrderId) : ICommandMessage;

public sealed record ShipmentCreated(Guid OrderId, Guid ShipmentId, string TrackingNumber) : IIntegrationEvent;

/// <param name="Reason">A stable code: <c>carrier_unavailable</c>, <c>address_not_served</c> …</param>
public sealed record ShipmentRefused(Guid OrderId, string Reason) : IIntegrationEvent;

public sealed record ShipmentCancelled(Guid OrderId) : IIntegrationEvent;

public sealed record ShipmentCancellationRefused(Guid OrderId, string Reason) : IIntegrationEvent;

/// <summary>The carrier has collected the parcel.</summary>
public sealed record ShipmentDispatched(Guid OrderId, Guid ShipmentId, string TrackingNumber, DateTimeOffset DispatchedAt) : IIntegrationEvent;

public sealed record ShipmentDelivered(Guid OrderId, Guid ShipmentId, DateTimeOffset DeliveredAt) : IIntegrationEvent;

/// <summary>Nobody took the parcel; it is back in the warehouse. Nothing was delivered.</summary>
public sealed record ShipmentReturned(Guid OrderId, Guid ShipmentId, DateTimeOffset ReturnedAt) : IIntegrationEvent;
