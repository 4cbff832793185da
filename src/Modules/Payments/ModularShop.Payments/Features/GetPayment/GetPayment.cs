namespace ModularShop.Payments.Features.GetPayment;

/// <param name="CustomerId">Whose payment it must be; null: anybody's.</param>
internal sealed record GetPayment(Guid OrderId, Guid? CustomerId) : IQuery<Result<PaymentDetails>>;

/// <param name="WaitingFor">What the provider still has to do: <c>authorise</c>, <c>capture</c>, <c>void</c>, <c>refund</c>; null where nothing.</param>
internal sealed record PaymentDetails(
    Guid OrderId, string OrderNumber, Guid CustomerId, string Status, Money Amount, Money Captured, Money Refunded, string? DeclineReason, string? VoidReason,
    DateTimeOffset RequestedAt, DateTimeOffset? AuthorisedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? CapturedAt, string? WaitingFor, string? InvoiceNumber,
    IReadOnlyList<PaymentStep> History);

/// <summary>An event of the payment: what happened, and when.</summary>
internal sealed record PaymentStep(int Number, string Type, DateTimeOffset At);
