namespace ModularShop.Payments.Domain;

internal enum PaymentStatus
{
    /// <summary>The provider has been, or is about to be, asked to hold the amount.</summary>
    Requested,

    /// <summary>The provider has taken the question and will answer later.</summary>
    Authorising,
    Authorised,
    Declined,
    Voided,
    Expired,
    Captured,

    /// <summary>All of what was captured has been given back.</summary>
    Refunded,
}

/// <summary>What the provider still has to be asked for.</summary>
internal enum ProviderCallKind
{
    Authorise,
    Capture,
    Void,
    Refund,
}

// The state of a payment: what its facts come to. Nothing else sets it, but for the two fields that say when the
// provider is asked next, which are about the asking and not about the payment.
internal sealed partial class Payment
{
    private readonly List<PaymentEvent> _events = [];

    public Guid OrderId { get; private set; }

    public string OrderNumber { get; private set; } = "";

    public Guid CustomerId { get; private set; }

    public Money Amount { get; private set; }

    public Money Captured { get; private set; }

    public Money Refunded { get; private set; }

    public PaymentStatus Status { get; private set; }

    public string CardToken { get; private set; } = "";

    /// <summary>The provider's name for the authorisation; null until it has given one.</summary>
    public string? ProviderReference { get; private set; }

    public string? DeclineReason { get; private set; }

    /// <summary>Why the payment is not wanted any more; null while it is.</summary>
    public string? VoidReason { get; private set; }

    public DateTimeOffset RequestedAt { get; private set; }

    public DateTimeOffset? AuthorisedAt { get; private set; }

    /// <summary>When the authorisation lapses.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? CapturedAt { get; private set; }

    /// <summary>The intent that the worker carries out; null where there is none.</summary>
    public ProviderCallKind? PendingCall { get; private set; }

    /// <summary>The number of the event that recorded the intent: with the payment's id, the idempotency key.</summary>
    public int CallNumber { get; private set; }

    /// <summary>For a capture or a refund, in minor units of the payment's currency.</summary>
    public long CallAmount { get; private set; }

    /// <summary>Attempts of the pending call that got no answer.</summary>
    public int CallAttempts { get; private set; }

    public DateTimeOffset? NextCallAt { get; private set; }

    public IReadOnlyList<PaymentEvent> Events => _events;

    public Money Refundable => Captured - Refunded;

    /// <summary>A payment as its facts tell it.</summary>
    public static Payment From(IEnumerable<PaymentEvent> events)
    {
        var ordered = events.OrderBy(e => e.Number).ToList();
        var payment = new Payment { Id = ordered[0].PaymentId };
        payment._events.AddRange(ordered);
        payment.Fold();
        return payment;
    }

    /// <summary>Derives the state from the facts, whatever the row says.</summary>
    public void Fold()
    {
        _events.Sort((a, b) => a.Number.CompareTo(b.Number));
        var (attempts, next) = (CallAttempts, NextCallAt);
        foreach (var e in _events)
        {
            Apply(e);
        }

        (CallAttempts, NextCallAt) = PendingCall is null ? (0, null) : (attempts, next ?? NextCallAt);
    }

    private void Apply(PaymentEvent e)
    {
        switch (e.Fact)
        {
            case PaymentFact.Requested fact:
                (OrderId, OrderNumber, CustomerId, CardToken) = (fact.OrderId, fact.OrderNumber, fact.CustomerId, fact.CardToken);
                (Amount, Captured, Refunded) = (fact.Amount, Money.Zero(fact.Amount.Currency), Money.Zero(fact.Amount.Currency));
                (ProviderReference, DeclineReason, VoidReason, AuthorisedAt, ExpiresAt, CapturedAt) = (null, null, null, null, null, null);
                (Status, RequestedAt) = (PaymentStatus.Requested, e.At);
                Ask(ProviderCallKind.Authorise, e);
                break;
            case PaymentFact.AuthorisationPending fact:
                (Status, ProviderReference) = (PaymentStatus.Authorising, fact.Reference);
                break;
            case PaymentFact.Authorised fact:
                (Status, ProviderReference, AuthorisedAt, ExpiresAt) = (PaymentStatus.Authorised, fact.Reference, e.At, fact.ExpiresAt);
                AskNothing();
                break;
            case PaymentFact.Declined fact:
                (Status, DeclineReason) = (PaymentStatus.Declined, fact.Reason);
                AskNothing();
                break;
            case PaymentFact.GivenUp fact:
                (Status, DeclineReason) = (PaymentStatus.Declined, fact.Reason);
                Ask(ProviderCallKind.Void, e);
                break;
            case PaymentFact.AuthorisedTooLate fact:
                ProviderReference = fact.Reference;
                if (PendingCall is not ProviderCallKind.Void)
                {
                    Ask(ProviderCallKind.Void, e);
                }

                break;
            case PaymentFact.VoidRequested fact:
                VoidReason = fact.Reason;
                if (Status is not PaymentStatus.Captured && PendingCall is not ProviderCallKind.Capture)
                {
                    Ask(ProviderCallKind.Void, e);
                }

                break;
            case PaymentFact.Voided:
                Status = IsOpen ? PaymentStatus.Voided : Status;
                AskNothing();
                break;
            case PaymentFact.VoidDeclined or PaymentFact.RefundDeclined:
                AskNothing();
                break;
            case PaymentFact.Expired:
                Status = PaymentStatus.Expired;
                Ask(ProviderCallKind.Void, e);
                break;
            case PaymentFact.CaptureRequested:
                Ask(ProviderCallKind.Capture, e, Amount);
                break;
            case PaymentFact.Captured fact:
                (Status, Captured, CapturedAt) = (PaymentStatus.Captured, fact.Amount, e.At);
                AskNothing();
                break;
            case PaymentFact.CaptureDeclined when VoidReason is not null:
                Ask(ProviderCallKind.Void, e);
                break;
            case PaymentFact.CaptureDeclined:
                AskNothing();
                break;
            case PaymentFact.RefundRequested fact:
                Ask(ProviderCallKind.Refund, e, fact.Amount);
                break;
            case PaymentFact.Refunded fact:
                Refunded += fact.Amount;
                Status = Refunded < Captured ? PaymentStatus.Captured : PaymentStatus.Refunded;
                AskNothing();
                break;
            default:
                throw new InvalidOperationException($"Payment {Id} has an event of type {e.Type}, which this version does not know.");
        }
    }

    private void Ask(ProviderCallKind kind, PaymentEvent e, Money? amount = null) =>
        (PendingCall, CallNumber, CallAmount, CallAttempts, NextCallAt) = (kind, e.Number, amount?.Amount ?? 0, 0, e.At);

    private void AskNothing() => (PendingCall, CallNumber, CallAmount, CallAttempts, NextCallAt) = (null, 0, 0, 0, null);
}
