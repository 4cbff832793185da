namespace PaymentProviderSimulator;

public enum ChargeStatus
{
    Approved,
    Pending,
    Declined,
    Voided,
}

/// <summary>An authorisation as the provider's books show it, and what was done with it since.</summary>
public sealed record Charge(string Key, Guid MerchantReference, string Reference, long Amount, string Currency, string CardNumber)
{
    public ChargeStatus Status { get; set; }

    public string? Reason { get; set; }

    public string? CaptureKey { get; set; }

    public long Captured { get; set; }

    public Dictionary<string, long> Refunds { get; } = new(StringComparer.Ordinal);
}

public sealed record Reply(string Status, string? Reference, string? Reason)
{
    public static Reply Approved(string reference) => new("approved", reference, null);

    public static Reply Pending(string reference) => new("pending", reference, null);

    public static Reply Declined(string reason) => new("declined", null, reason);
}

/// <summary>The provider's books. The same idempotency key again changes nothing and gets the same answer.</summary>
public sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Charge> _charges = new(StringComparer.Ordinal);

    public IReadOnlyList<Charge> Charges
    {
        get
        {
            lock (_lock)
            {
                return [.. _charges.Values];
            }
        }
    }

    /// <summary>What is held or taken for one merchant reference; more than one is a double charge.</summary>
    public IReadOnlyList<Charge> ChargesOf(Guid merchantReference) =>
        [.. Charges.Where(c => c.MerchantReference == merchantReference && c.Status is ChargeStatus.Approved)];

    public Reply Tokenise(string key, string number)
    {
        lock (_lock)
        {
            _cards[$"card_{key}"] = number;
            return Reply.Approved($"card_{key}");
        }
    }

    /// <param name="isNew">False where the key was seen before.</param>
    public Charge Authorise(string key, Guid merchantReference, string token, long amount, string currency, out bool isNew)
    {
        lock (_lock)
        {
            if (_charges.TryGetValue(key, out var known))
            {
                isNew = false;
                return known;
            }

            var number = _cards.GetValueOrDefault(token, "");
            var (status, reason) = number switch
            {
                "" => (ChargeStatus.Declined, "unknown_card"),
                TestCards.Declined => (ChargeStatus.Declined, "declined"),
                TestCards.InsufficientFunds => (ChargeStatus.Declined, "insufficient_funds"),
                TestCards.LateWebhook => (ChargeStatus.Pending, null),
                _ => (ChargeStatus.Approved, null),
            };
            isNew = true;
            return _charges[key] = new Charge(key, merchantReference, $"au_{_charges.Count + 1}_{key[..8]}", amount, currency, number) { Status = status, Reason = reason };
        }
    }

    public Reply Answer(Charge charge)
    {
        lock (_lock)
        {
            return charge.Status switch
            {
                ChargeStatus.Approved => Reply.Approved(charge.Reference),
                ChargeStatus.Pending => Reply.Pending(charge.Reference),
                ChargeStatus.Voided => Reply.Declined("voided"),
                _ => Reply.Declined(charge.Reason ?? "declined"),
            };
        }
    }

    /// <summary>What was pending is decided now.</summary>
    public bool Settle(Charge charge)
    {
        lock (_lock)
        {
            charge.Status = charge.Status is ChargeStatus.Pending ? ChargeStatus.Approved : charge.Status;
            return charge.Status is ChargeStatus.Approved;
        }
    }

    public Reply Capture(string key, string reference, long amount)
    {
        lock (_lock)
        {
            if (Find(reference) is not { Status: ChargeStatus.Approved } charge || amount > charge.Amount)
            {
                return Reply.Declined("not_authorised");
            }

            if (charge.CaptureKey is { } before && before != key)
            {
                return Reply.Declined("already_captured");
            }

            (charge.CaptureKey, charge.Captured) = (key, amount);
            return Reply.Approved($"ca_{key}");
        }
    }

    public Reply Void(string key, string authorisationKey)
    {
        lock (_lock)
        {
            if (!_charges.TryGetValue(authorisationKey, out var charge))
            {
                // Not seen yet: when it comes, it is refused.
                _charges[authorisationKey] = new Charge(authorisationKey, Guid.Empty, "none", 0, "", "") { Status = ChargeStatus.Voided };
            }
            else if (charge.CaptureKey is not null)
            {
                return Reply.Declined("already_captured");
            }
            else
            {
                charge.Status = ChargeStatus.Voided;
            }

            return Reply.Approved($"vo_{key}");
        }
    }

    public Reply Refund(string key, string reference, long amount)
    {
        lock (_lock)
        {
            if (Find(reference) is not { CaptureKey: not null } charge)
            {
                return Reply.Declined("not_captured");
            }

            if (!charge.Refunds.ContainsKey(key) && charge.Refunds.Values.Sum() + amount > charge.Captured)
            {
                return Reply.Declined("exceeds_captured");
            }

            charge.Refunds[key] = amount;
            return Reply.Approved($"re_{key}");
        }
    }

    private Charge? Find(string reference) => _charges.Values.FirstOrDefault(c => c.Reference == reference);
}

/// <summary>Card numbers that make the simulator behave.</summary>
public static class TestCards
{
    public const string Approved = "4242424242424242";
    public const string Declined = "4000000000000002";
    public const string InsufficientFunds = "4000000000009995";
    public const string Timeout = "4000000000000119";
    public const string Duplicate = "4000000000000341";
    public const string LateWebhook = "4000000000000259";
}
