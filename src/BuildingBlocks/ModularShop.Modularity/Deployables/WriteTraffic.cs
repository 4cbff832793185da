using System.Collections.Concurrent;
using ModularShop.Modularity.Data;

namespace ModularShop.Modularity.Deployables;

/// <summary>
/// The writes of each module that clients have under way through this process. Whoever hands the data over lets them end
/// and keeps those that come meanwhile: else the tables refuse them, and they are executed a second time, on the machine
/// that the switch needs for itself.
/// </summary>
/// <remarks>
/// A courtesy and no lock: what comes another way, or through another process, is refused by the tables as ever. It ends
/// with the process.
/// </remarks>
public sealed class WriteTraffic(OwnershipStore store)
{
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A write begins; it ends when what is returned is disposed of.</summary>
    internal Passage Enter(string module)
    {
        var lane = Of(module);
        lane.Enter();
        return new Passage(lane);
    }

    internal bool IsHeld(string module) => _lanes.TryGetValue(module, out var lane) && lane.Held is not null;

    /// <summary>Returns when writes are no longer kept, at the latest after <paramref name="atMost"/>.</summary>
    internal async Task ReleasedAsync(string module, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (Of(module).Held is { } held)
        {
            await held.Task.WaitAsync(atMost, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>For one who hands the data over; keeps nothing yet.</summary>
    public WriteHold Hold(string module) => new(Of(module), token => store.RefreshAsync(module, token));

    private Lane Of(string module) => _lanes.GetOrAdd(module, static _ => new Lane());

    internal readonly struct Passage(Lane lane) : IDisposable
    {
        public void Dispose() => lane.Leave();
    }

    internal sealed class Lane
    {
        private int _underWay;
        private TaskCompletionSource? _quiet;
        private volatile TaskCompletionSource? _held;

        /// <summary>Null while nobody keeps writes.</summary>
        public TaskCompletionSource? Held => _held;

        public void Enter() => Interlocked.Increment(ref _underWay);

        public void Leave()
        {
            if (Interlocked.Decrement(ref _underWay) == 0)
            {
                Volatile.Read(ref _quiet)?.TrySetResult();
            }
        }

        /// <summary>Returns when no write is under way, at the latest after <paramref name="atMost"/>.</summary>
        public async Task HoldAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            var quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // Before the look: the last one that leaves behind it finds whom to tell.
            Interlocked.Exchange(ref _quiet, quiet);
            if (Volatile.Read(ref _underWay) > 0)
            {
                await quiet.Task.WaitAsync(atMost, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        public void Release()
        {
            var held = _held;
            _held = null;
            held?.TrySetResult();
        }
    }
}

/// <summary>Keeps the writes of a module that come from clients, for as long as its data is handed over.</summary>
public sealed class WriteHold : IAsyncDisposable
{
    /// <summary>To read whose the data is now.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    private readonly WriteTraffic.Lane _lane;
    private readonly Func<CancellationToken, Task<Ownership>> _look;

    internal WriteHold(WriteTraffic.Lane lane, Func<CancellationToken, Task<Ownership>> look) => (_lane, _look) = (lane, look);

    /// <summary>Lets those end that are under way, for <paramref name="atMost"/> so long; others are kept from here on.</summary>
    public Task BeginAsync(TimeSpan atMost, CancellationToken cancellationToken) => _lane.HoldAsync(atMost, cancellationToken);

    /// <summary>Lets them go to whoever owns the data now.</summary>
    public async Task EndAsync()
    {
        if (_lane.Held is null)
        {
            return;
        }

        try
        {
            await BoundedReads.TryAsync(_look, LongestLook, CancellationToken.None);
        }
        finally
        {
            _lane.Release();
        }
    }

    public ValueTask DisposeAsync() => new(EndAsync());
}
