using System.Collections.Concurrent;

namespace ModularShop.Modularity.Peers;

/// <summary>A circuit breaker for each thing that another process answers.</summary>
public sealed class CircuitBreakers<TKey>(TimeProvider time)
    where TKey : notnull
{
    /// <summary>Why an attempt failed that was not made.</summary>
    public const string Open = "circuit-open";

    private readonly ConcurrentDictionary<TKey, CircuitBreaker> _breakers = new();

    public CircuitBreaker Of(TKey key) => _breakers.GetOrAdd(key, static (_, t) => new CircuitBreaker(t), time);

    /// <summary>Null, or why the attempt failed: what it says, or <see cref="Open"/> where it was not made.</summary>
    public async Task<string?> TryAsync(TKey key, Func<Task<string?>> attempt)
    {
        var breaker = Of(key);
        if (!breaker.TryEnter())
        {
            return Open;
        }

        string? failure = null;
        try
        {
            return failure = await attempt();
        }
        finally
        {
            breaker.Leave(failure is not null);
        }
    }
}
