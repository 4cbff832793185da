using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure.Provider;

/// <summary>
/// A provider inside this process, moving no money; the card's number decides what it does (the module's README lists the
/// numbers). It remembers what it did for as long as the process runs; what it does not know it takes for approved before that.
/// </summary>
internal sealed class SimulatedProvider(IOptions<ProviderOptions> options, TimeProvider time) : IPaymentProvider
{
    private readonly ConcurrentDictionary<string, Authorisation> _byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Authorisation> _byReference = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Notice> _notices = new();

    internal enum State
    {
        Approved,
        Pending,
        Declined,
        Voided,
    }

    /// <summary>Amounts it holds, or has taken, of a payment: more than one would be a double charge.</summary>
    public int ChargesOf(Guid merchantReference) =>
        _byKey.Values.Count(a => a.MerchantReference == merchantReference && a.State is State.Approved);

    public Task<ProviderAnswer> TokeniseAsync(string key, CardDetails card, CancellationToken cancellationToken)
    {
        Refuse();
        var scenario = card.Number switch
        {
            "4000000000000002" => "declined",
            "4000000000009995" => "insufficient",
            "4000000000000119" => "timeout",
            "4000000000000341" => "duplicate",
            "4000000000000259" => "late",
            _ => "approved",
        };
        return Answer(new ProviderAnswer.Approved($"tok_{scenario}_{key}"));
    }

    public async Task<ProviderAnswer> AuthoriseAsync(string key, AuthoriseCall call, CancellationToken cancellationToken)
    {
        Refuse();
        var scenario = call.CardToken.Split('_') is ["tok", var named, ..] ? named : "";
        var first = false;
        var authorisation = _byKey.GetOrAdd(key, _ =>
        {
            first = true;
            return new Authorisation(key, call.MerchantReference, call.Amount, scenario switch
            {
                "late" => State.Pending,
                "declined" or "insufficient" or "" => State.Declined,
                _ => State.Approved,
            });
        });
        if (first)
        {
            _byReference[authorisation.Reference] = authorisation;
            Announce(authorisation, scenario);
            if (scenario == "timeout")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            }
        }

        lock (authorisation)
        {
            return authorisation.State switch
            {
                State.Approved => new ProviderAnswer.Approved(authorisation.Reference),
                State.Pending => new ProviderAnswer.Pending(authorisation.Reference),
                State.Voided => new ProviderAnswer.Declined("voided"),
                _ => new ProviderAnswer.Declined(scenario switch { "insufficient" => "insufficient_funds", "" => "unknown_card", _ => "declined" }),
            };
        }
    }

    public Task<ProviderAnswer> CaptureAsync(string key, string reference, Money amount, CancellationToken cancellationToken)
    {
        Refuse();
        if (!_byReference.TryGetValue(reference, out var authorisation))
        {
            return Answer(new ProviderAnswer.Approved($"cap_{key}"));
        }

        lock (authorisation)
        {
            if (authorisation.State is not State.Approved)
            {
                return Answer(new ProviderAnswer.Declined("not_authorised"));
            }

            if (authorisation.CaptureKey is { } before && before != key)
            {
                return Answer(new ProviderAnswer.Declined("already_captured"));
            }

            (authorisation.CaptureKey, authorisation.Captured) = (key, amount.Amount);
            return Answer(new ProviderAnswer.Approved($"cap_{key}"));
        }
    }

    public Task<ProviderAnswer> VoidAsync(string key, string authorisationKey, CancellationToken cancellationToken)
    {
        Refuse();
        var authorisation = _byKey.GetOrAdd(authorisationKey, k => new Authorisation(k, Guid.Empty, default, State.Voided));
        lock (authorisation)
        {
            if (authorisation.CaptureKey is not null)
            {
                return Answer(new ProviderAnswer.Declined("already_captured"));
            }

            authorisation.State = State.Voided;
            return Answer(new ProviderAnswer.Approved($"void_{key}"));
        }
    }

    public Task<ProviderAnswer> RefundAsync(string key, string reference, Money amount, CancellationToken cancellationToken)
    {
        Refuse();
        if (!_byReference.TryGetValue(reference, out var authorisation))
        {
            return Answer(new ProviderAnswer.Approved($"ref_{key}"));
        }

        lock (authorisation)
        {
            if (!authorisation.Refunds.ContainsKey(key) && authorisation.Refunds.Values.Sum() + amount.Amount > authorisation.Captured)
            {
                return Answer(new ProviderAnswer.Declined("exceeds_captured"));
            }

            authorisation.Refunds[key] = amount.Amount;
            return Answer(new ProviderAnswer.Approved($"ref_{key}"));
        }
    }

    /// <summary>Webhooks that are due; each stays due until <see cref="Delivered"/>.</summary>
    public IReadOnlyList<Notice> DueNotices() => [.. _notices.Values.Where(n => n.Due <= time.GetUtcNow()).OrderBy(n => n.Due).Take(20)];

    public void Delivered(Notice notice) => _notices.TryRemove(notice.Id, out _);

    private static void Refuse() => TransactionFlow.RefuseNetworkCall("the simulated payment provider");

    private static Task<ProviderAnswer> Answer(ProviderAnswer answer) => Task.FromResult(answer);

    private void Announce(Authorisation authorisation, string scenario)
    {
        var due = time.GetUtcNow() + options.Value.SimulatedWebhookDelay;
        string[] eventIds = scenario switch
        {
            "late" => [$"evt_{authorisation.Key}"],
            "duplicate" => [$"evt_{authorisation.Key}", $"evt_{authorisation.Key}", $"evt_{authorisation.Key}_again"],
            _ => [],
        };
        foreach (var eventId in eventIds)
        {
            var notice = new Notice(Guid.CreateVersion7(), eventId, authorisation, due);
            _notices[notice.Id] = notice;
        }
    }

    /// <summary>A webhook of the simulator: the authorisation is approved after all, unless it was voided meanwhile.</summary>
    internal sealed record Notice(Guid Id, string EventId, Authorisation Authorisation, DateTimeOffset Due)
    {
        public bool Approve()
        {
            lock (Authorisation)
            {
                Authorisation.State = Authorisation.State is State.Pending ? State.Approved : Authorisation.State;
                return Authorisation.State is State.Approved;
            }
        }
    }

    internal sealed class Authorisation(string key, Guid merchantReference, Money amount, State state)
    {
        public string Key => key;

        public Guid MerchantReference => merchantReference;

        public Money Amount => amount;

        /// <summary>Made of the key alone: the same after a restart.</summary>
        public string Reference { get; } = $"auth_{key}";

        public State State { get; set; } = state;

        public string? CaptureKey { get; set; }

        public long Captured { get; set; }

        public Dictionary<string, long> Refunds { get; } = new(StringComparer.Ordinal);
    }
}
