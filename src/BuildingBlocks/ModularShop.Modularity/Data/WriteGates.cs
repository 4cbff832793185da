using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace ModularShop.Modularity.Data;

/// <summary>
/// One writer at a time per SQLite file, first come first served. Without it writers poll SQLite's lock in
/// steps of 150 ms and starve for seconds. Servers need no gate.
/// </summary>
public sealed class WriteGates
{
    private static readonly IDisposable Open = new Nothing();

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    internal ValueTask<IDisposable> EnterAsync(ModuleDbContext context, CancellationToken cancellationToken) =>
        EnterAsync(context.Provider, context.Database.GetConnectionString()!, cancellationToken);

    internal ValueTask<IDisposable> EnterAsync(DatabaseProvider provider, string connectionString, CancellationToken cancellationToken) =>
        provider is DatabaseProvider.Sqlite
            ? EnterAsync(_gates.GetOrAdd(connectionString, static _ => new SemaphoreSlim(1, 1)), cancellationToken)
            : ValueTask.FromResult(Open);

    private static async ValueTask<IDisposable> EnterAsync(SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        private SemaphoreSlim? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Release();
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
