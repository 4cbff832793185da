namespace ModularShop.Ordering.Domain;

/// <summary>An order as it is now, for the read models: each says all of it, so that a later one makes up for any before.</summary>
internal sealed record OrderStatusChanged(
    Guid OrderId, string Number, Guid CustomerId, OrderStatus Status, Money Total, int Pieces, DateTimeOffset PlacedAt, string? Reason) : IMessage;

/// <summary>The checkout failed; what was in the cart goes back to the customer.</summary>
internal sealed record OrderRejected(Guid OrderId) : IMessage;

/// <summary>A step of the checkout has waited long enough.</summary>
/// <param name="State">The state it guards.</param>
/// <param name="Step">Number of the step that led to it: a saga may be in one state twice.</param>
internal sealed record CheckoutTimedOut(Guid OrderId, CheckoutState State, int Step) : IMessage;
