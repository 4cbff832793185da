using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularShop.Payments.Domain;

/// <summary>What can happen to a payment. Facts are stored by the name of their type: rename none, change the meaning of none.</summary>
internal abstract record PaymentFact
{
    private static readonly Dictionary<string, Type> ByName = typeof(PaymentFact).GetNestedTypes(System.Reflection.BindingFlags.NonPublic)
        .Where(t => t.IsSubclassOf(typeof(PaymentFact))).ToDictionary(t => t.Name, StringComparer.Ordinal);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private PaymentFact()
    {
    }

    public static PaymentFact Read(string type, string data) => (PaymentFact)JsonSerializer.Deserialize(data, ByName[type], Json)!;

    public string Write() => JsonSerializer.Serialize(this, GetType(), Json);

    internal sealed record Requested(Guid OrderId, string OrderNumber, Guid CustomerId, Money Amount, string CardToken) : PaymentFact;

    /// <summary>The provider will say later.</summary>
    internal sealed record AuthorisationPending(string Reference) : PaymentFact;

    internal sealed record Authorised(string Reference, DateTimeOffset ExpiresAt) : PaymentFact;

    internal sealed record Declined(string Reason) : PaymentFact;

    /// <summary>No answer for too long: declined for the shop, to be undone at the provider, who may have said yes.</summary>
    internal sealed record GivenUp(string Reason) : PaymentFact;

    /// <summary>A yes to what nobody wants any more.</summary>
    internal sealed record AuthorisedTooLate(string Reference) : PaymentFact;

    internal sealed record VoidRequested(string Reason) : PaymentFact;

    internal sealed record Voided : PaymentFact;

    internal sealed record VoidDeclined(string Reason) : PaymentFact;

    internal sealed record Expired : PaymentFact;

    internal sealed record CaptureRequested : PaymentFact;

    internal sealed record Captured(Money Amount, string Reference) : PaymentFact;

    internal sealed record CaptureDeclined(string Reason) : PaymentFact;

    /// <param name="Key">The idempotency key of whoever asked.</param>
    internal sealed record RefundRequested(string Key, Money Amount, string Reason) : PaymentFact;

    internal sealed record Refunded(Money Amount, string Reference) : PaymentFact;

    internal sealed record RefundDeclined(string Reason) : PaymentFact;
}

/// <summary>One fact of one payment; together they are the truth, the payment's row is derived from them.</summary>
internal sealed class PaymentEvent
{
    private PaymentFact? _fact;

    public Guid PaymentId { get; init; }

    /// <summary>1, 2, 3 …; two writers who append the same number conflict.</summary>
    public int Number { get; init; }

    public required string Type { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Data { get; init; }

    public PaymentFact Fact => _fact ??= PaymentFact.Read(Type, Data);

    public static PaymentEvent Of(Guid paymentId, int number, PaymentFact fact, DateTimeOffset at) =>
        new() { PaymentId = paymentId, Number = number, Type = fact.GetType().Name, At = at, Data = fact.Write(), _fact = fact };
}
