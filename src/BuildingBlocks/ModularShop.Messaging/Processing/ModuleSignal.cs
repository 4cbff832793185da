using System.Collections.Concurrent;

namespace ModularShop.Messaging;

/// <summary>Wakes a module's workers when something was committed that concerns them.</summary>
public sealed class ModuleSignal
{
    private readonly ConcurrentDictionary<SemaphoreSlim, bool> _waiting = new();

    public void Pulse()
    {
        foreach (var semaphore in _waiting.Keys)
        {
            try
            {
                semaphore.Release();
            }
            catch (SemaphoreFullException)
            {
                // Awake already.
            }
        }
    }

    /// <summary>A listener that misses no pulse between two waits.</summary>
    internal Listener Listen() => new(this);

    internal sealed class Listener : IDisposable
    {
        private readonly ModuleSignal _signal;
        private readonly SemaphoreSlim _semaphore = new(0, 1);

        public Listener(ModuleSignal signal)
        {
            _signal = signal;
            signal._waiting[_semaphore] = true;
        }

        /// <returns>Whether there was a pulse.</returns>
        public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _semaphore.WaitAsync(atMost, cancellationToken);

        public void Dispose() => _signal._waiting.TryRemove(_semaphore, out _);
    }
}

/// <summary>The signals of the modules of this process.</summary>
public sealed class ModuleSignals
{
    private readonly ConcurrentDictionary<string, ModuleSignal> _signals = new(StringComparer.OrdinalIgnoreCase);

    public ModuleSignal this[string module] => _signals.GetOrAdd(module, static _ => new ModuleSignal());
}
