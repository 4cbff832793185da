using System.Collections.Concurrent;
using System.Diagnostics;

namespace ModularShop.Modularity.Deployables;

/// <summary>
/// The owners of all modules, as this process knows them: of its own modules as last read from their databases, of
/// others as their deployables say.
/// </summary>
public sealed class Ownerships(Deployable here)
{
    internal static readonly Ownership AtFirst = new(Owner.Monolith, 1);

    private readonly ConcurrentDictionary<string, Ownership> _owners = new(StringComparer.OrdinalIgnoreCase);

    private TaskCompletionSource _changed = NewSignal();

    public Ownership Of(string module) => _owners.GetValueOrDefault(module, AtFirst);

    /// <summary>Whether this process writes the module's data; it must be one that hosts the module.</summary>
    public bool IsHere(string module) => Of(module).Owner == here.Side;

    /// <summary>
    /// Waits until what is known of the module satisfies <paramref name="predicate"/>, for <paramref name="atMost"/> so
    /// long; returns what is known then, which the caller looks at.
    /// </summary>
    public async Task<Ownership> WaitAsync(string module, Func<Ownership, bool> predicate, TimeSpan atMost, CancellationToken cancellationToken)
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

    /// <summary>Takes note of what a database or a peer says; an epoch not above the one known changes nothing.</summary>
    internal void Learn(string module, Ownership ownership)
    {
        var known = _owners.AddOrUpdate(module, ownership, (_, before) => ownership.Epoch > before.Epoch ? ownership : before);
        if (known == ownership)
        {
            Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
