namespace ModularShop.Payments.Domain;

/// <summary>
/// An order whose payment was to be undone before it was asked for; its id is the order's. Should the request
/// come after all (an operator retried a dead letter), nothing is held.
/// </summary>
internal sealed class CancelledOrder : AggregateRoot
{
    public required string Reason { get; init; }

    public DateTimeOffset At { get; init; }

    public static CancelledOrder Of(Guid orderId, string reason, DateTimeOffset now) => new()
    {
        Id = orderId, Reason = reason.Length > Payment.MaxCodeLength ? reason[..Payment.MaxCodeLength] : reason, At = now,
    };
}
