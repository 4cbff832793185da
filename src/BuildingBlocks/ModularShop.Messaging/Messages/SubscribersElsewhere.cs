using System.Collections.Frozen;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>
/// Who takes which messages in other deployables. The monolith hosts every module, or knows by its manifest what one takes that
/// has left; a service is told by the monolith, and commits no message before.
/// </summary>
internal sealed class SubscribersElsewhere(Deployable here, ModuleRegistry modules)
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile FrozenDictionary<string, string[]>? _subscribers = here.Side is Owner.Monolith ? OfDeparted(modules) : null;

    public bool IsKnown => _subscribers is not null;

    /// <exception cref="NotReadyException">The monolith has not told yet.</exception>
    public IReadOnlyList<string> Of(string messageType) => (_subscribers
        ?? throw new NotReadyException("Who takes which messages in other deployables is not known yet.")).GetValueOrDefault(messageType, []);

    /// <summary>Of everything that is known, the names of the types and the modules that react to each.</summary>
    public IReadOnlyDictionary<string, string[]> All => _subscribers ?? FrozenDictionary<string, string[]>.Empty;

    /// <summary>Returns once it is known.</summary>
    public Task KnownAsync(CancellationToken cancellationToken) => IsKnown ? Task.CompletedTask : _known.Task.WaitAsync(cancellationToken);

    /// <summary>False where it is what was known.</summary>
    public bool Learn(IReadOnlyDictionary<string, string[]> subscribers)
    {
        var before = _subscribers;
        if (before is not null && before.Count == subscribers.Count
            && subscribers.All(s => before.TryGetValue(s.Key, out var modules) && modules.Order(StringComparer.Ordinal).SequenceEqual(s.Value.Order(StringComparer.Ordinal), StringComparer.Ordinal)))
        {
            return false;
        }

        _subscribers = subscribers.ToFrozenDictionary(StringComparer.Ordinal);
        _known.TrySetResult();
        return true;
    }

    private static FrozenDictionary<string, string[]> OfDeparted(ModuleRegistry modules) => modules.Departed
        .SelectMany(m => m.Manifest.Takes.Select(type => (Type: type, m.Name))).GroupBy(t => t.Type, t => t.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
}
