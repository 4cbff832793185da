using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Deployables;

/// <summary>
/// The owners of all modules, as this process knows them: of its own modules as last read from their databases, of
/// others as their deployables say.
/// </summary>
public sealed class Ownerships(Deployable here, ModuleRegistry? modules = null)
{
    internal static readonly Ownership AtFirst = new(Owner.Monolith, 1);

    /// <summary>Whatever anybody says: where the code is not, nobody writes.</summary>
    private readonly FrozenSet<string> _departed = (modules?.Departed ?? []).Select(m => m.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, Ownership> _owners = new(
        (modules?.Departed ?? []).Select(m => KeyValuePair.Create(m.Name, new Ownership(Owner.Service, AtFirst.Epoch))), StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.OrdinalIgnoreCase);

    private TaskCompletionSource _changed = NewSignal();

    public Ownership Of(string module) => _owners.GetValueOrDefault(module, AtFirst);

    /// <summary>Whether the module has left this host.</summary>
    public bool HasLeft(string module) => _departed.Contains(module);

    /// <summary>Whether this process writes the module's data; it must be one that hosts the module.</summary>
    public bool IsHere(string module) => Of(module).Owner == here.Side;

    /// <summary>The same, and nothing keeps it from writing.</summary>
    public bool IsOpenHere(string module) => Of(module) is { IsFenced: false } known && known.Owner == here.Side;

    /// <summary>
    /// Waits until what is known of the module satisfies <paramref name="predicate"/>, for <paramref name="atMost"/> so
    /// long; returns what is known then, which the caller looks at.
    /// </summary>
    public async Task<Ownership> WaitAsync(string module, Func<Ownership, bool> predicate, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (Of(module) is var now && predicate(now))
        {
            return now;
        }

        if (atMost == Timeout.InfiniteTimeSpan)
        {
            return await WaitForAsync(module, predicate, atMost, cancellationToken);
        }

        var waiting = _waiting.GetOrAdd(module, static _ => new Waiting());
        waiting.Begin();
        try
        {
            return await WaitForAsync(module, predicate, atMost, cancellationToken);
        }
        finally
        {
            waiting.End();
        }
    }

    /// <summary>Whether somebody waits, for a time that is bounded, to know more of the module.</summary>
    internal bool IsAwaited(string module) => _waiting.GetValueOrDefault(module) is { IsAny: true };

    /// <summary>Returns when somebody begins to wait, or after <paramref name="atMost"/>.</summary>
    internal Task AwaitedAsync(string module, TimeSpan atMost, CancellationToken cancellationToken) =>
        _waiting.GetOrAdd(module, static _ => new Waiting()).Begun.WaitAsync(atMost, cancellationToken);

    /// <summary>Takes note of what a database or a peer says; false where that is no news: of an epoch not above the one known.</summary>
    internal bool Learn(string module, Ownership ownership)
    {
        if (ownership.Owner == here.Side && HasLeft(module))
        {
            return false;
        }

        var known = _owners.AddOrUpdate(
            module,
            static (_, told) => told.Epoch > AtFirst.Epoch ? told : AtFirst,
            static (_, before, told) => told.Epoch > before.Epoch ? told : before,
            ownership);
        if (!ReferenceEquals(known, ownership))
        {
            return false;
        }

        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
        return true;
    }

    private async Task<Ownership> WaitForAsync(string module, Func<Ownership, bool> predicate, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            // Taken before the look: a change between the two ends the wait.
            var changed = Volatile.Read(ref _changed).Task;
            var known = Of(module);
            var left = atMost - waited.Elapsed;
            if (predicate(known) || (atMost != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero))
            {
                return known;
            }

            try
            {
                await changed.WaitAsync(atMost == Timeout.InfiniteTimeSpan ? atMost : left, cancellationToken);
            }
            catch (TimeoutException)
            {
                // One last look.
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Waiting
    {
        private int _count;

        /// <summary>To be had when somebody has begun to wait whom nobody has taken note of.</summary>
        public SemaphoreSlim Begun { get; } = new(0);

        public bool IsAny => Volatile.Read(ref _count) > 0;

        public void Begin()
        {
            if (Interlocked.Increment(ref _count) == 1 && Begun.CurrentCount == 0)
            {
                Begun.Release();
            }
        }

        public void End() => Interlocked.Decrement(ref _count);
    }
}
