namespace ModularShop.Ordering.Contracts;

/// <summary>Stock is reserved, payment authorised, the shipment created: the order will be fulfilled.</summary>
public sealed record OrderConfirmed(Guid OrderId, string Number, Guid CustomerId, Money Total) : IIntegrationEvent;

/// <summary>The order will not be fulfilled; whatever was done for it has been, or is being, undone.</summary>
public sealed record OrderCancelled(Guid OrderId, string Number, Guid CustomerId, string Reason) : IIntegrationEvent;
