namespace ModularShop.Payments.Contracts;

/// <summary>Hold the amount on the card. Answered by <see cref="PaymentAuthorised"/> or <see cref="PaymentDeclined"/>.</summary>
/// <param name="CardToken">From <c>POST /api/v1/payments/cards</c>; never a card number.</param>
public sealed record AuthorisePayment(Guid OrderId, string OrderNumber, Guid CustomerId, Money Amount, string CardToken) : ICommandMessage;

/// <summary>
/// Undo an order's payment, whatever has become of it: an authorisation is voided, also one that is still in
/// flight; a captured amount is refunded. Harmless where there is none.
/// </summary>
public sealed record VoidPayment(Guid OrderId, string Reason) : ICommandMessage;

public sealed record PaymentAuthorised(Guid OrderId, Guid PaymentId, Money Amount) : IIntegrationEvent;

/// <param name="Reason">A stable code: <c>declined</c>, <c>insufficient_funds</c>, <c>provider_unavailable</c> …</param>
public sealed record PaymentDeclined(Guid OrderId, Guid PaymentId, string Reason) : IIntegrationEvent;

public sealed record PaymentVoided(Guid OrderId, Guid PaymentId) : IIntegrationEvent;

/// <summary>The card holder's bank let the authorisation lapse before it was captured.</summary>
public sealed record PaymentAuthorisationExpired(Guid OrderId, Guid PaymentId) : IIntegrationEvent;

public sealed record PaymentCaptured(Guid OrderId, Guid PaymentId, Money Amount) : IIntegrationEvent;

public sealed record PaymentRefunded(Guid OrderId, Guid PaymentId, Money Amount) : IIntegrationEvent;

public sealed record InvoiceIssued(Guid OrderId, Guid CustomerId, string InvoiceNumber, Money Total, DateTimeOffset IssuedAt) : IIntegrationEvent;
