namespace ModularShop.Customers.Contracts;

public sealed record CustomerRegistered(Guid CustomerId) : IIntegrationEvent;

/// <param name="AnonymousCartId">The cart that was filled before logging in, as the client told it.</param>
public sealed record CustomerLoggedIn(Guid CustomerId, Guid? AnonymousCartId) : IIntegrationEvent;
