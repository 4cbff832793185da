using System.Collections.Concurrent;
using System.Diagnostics;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Write to whichever side takes it, and know what they were told.</summary>
internal sealed class Writers : IAsyncDisposable
{
    /// <summary>Of each: those who look at all of them again and again have to keep up.</summary>
    private const int MostBins = 50;

    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _writing;
    private readonly Dictionary<Guid, int> _acknowledged = [];
    private readonly SemaphoreSlim _turns;
    private readonly Warehouse _warehouse;
    private readonly int _count;
    private int _writes;

    public Writers(Warehouse warehouse, int count)
    {
        (_warehouse, _count, _turns) = (warehouse, count, new SemaphoreSlim(count));
        _writing = [.. Enumerable.Range(0, count).Select(w => Task.Run(() => WriteAsync(w)))];
    }

    public async Task WroteAsync(int more)
    {
        var goal = Volatile.Read(ref _writes) + more;
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref _writes) >= goal || _writing.Any(w => w.IsFaulted)), $"{more} more writes", TimeSpan.FromSeconds(60));
        await Task.WhenAll(_writing.Where(w => w.IsFaulted));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
    }

    /// <summary>Does something while none of them writes.</summary>
    public async Task HoldAsync(Func<Task> meanwhile)
    {
        for (var i = 0; i < _count; i++)
        {
            await _turns.WaitAsync();
        }

        try
        {
            await meanwhile();
        }
        finally
        {
            _turns.Release(_count);
        }
    }

    /// <summary>Somebody else has added this bin, which is empty, and was told so.</summary>
    public void Acknowledge(Guid id)
    {
        lock (_acknowledged)
        {
            _acknowledged[id] = 0;
        }
    }

    /// <summary>Each row has exactly as many changes as its writer was told of.</summary>
    public async Task ShouldAllBeThereAsync(Owner side)
    {
        await using var context = _warehouse.Open(side);
        var found = await context.Bins.ToDictionaryAsync(b => b.Id, b => b.Size);
        _acknowledged.Where(a => found.GetValueOrDefault(a.Key, -1) != a.Value).Select(a => $"{a.Key}: {a.Value} acknowledged, {found.GetValueOrDefault(a.Key, -1)} there").ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _turns.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        var random = new Random(writer);
        var mine = new List<Guid>();
        var side = Owner.Monolith;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_stop.IsCancellationRequested)
        {
            var isNew = mine.Count < 5 || (mine.Count < MostBins && random.Next(4) == 0);
            var id = isNew ? Guid.CreateVersion7() : mine[random.Next(mine.Count)];
            await _turns.WaitAsync();
            try
            {
                var began = Stopwatch.StartNew();
                while (!await (isNew ? AddsAsync(side, id, writer) : EnlargesAsync(side, id)))
                {
                    if (_stop.IsCancellationRequested)
                    {
                        return;
                    }

                    began.Elapsed.ShouldBeLessThan(LongestWrite, $"neither side takes a write of {id}, or has it");
                    // Refused, or not there: nothing happened. The other side, or this one again.
                    side = side is Owner.Monolith ? Owner.Service : Owner.Monolith;
                    await pace.WaitForNextTickAsync();
                }

                if (isNew)
                {
                    mine.Add(id);
                }

                lock (_acknowledged)
                {
                    _acknowledged[id] = _acknowledged.GetValueOrDefault(id) + 1;
                }

                Interlocked.Increment(ref _writes);
            }
            finally
            {
                _turns.Release();
            }

            await pace.WaitForNextTickAsync();
        }
    }

    private Task<bool> AddsAsync(Owner side, Guid id, int writer) => IsDoneAsync(async () =>
    {
        await using var context = _warehouse.Open(side);
        context.Add(new Bin { Id = id, Label = $"{id:N}", Size = 1 });
        context.Add(new Tag { BinId = id, Name = "writer", Text = $"{writer}" });
        return await context.SaveChangesAsync() == 2;
    });

    private Task<bool> EnlargesAsync(Owner side, Guid id) => IsDoneAsync(async () =>
    {
        await using var connection = await _warehouse.ConnectAsync(side);
        return await connection.ExecuteAsync(null, $"UPDATE {_warehouse.Table(side, "bins")} SET \"Size\" = \"Size\" + 1 WHERE \"Id\" = @id", default, ("@id", id)) == 1;
    });

    private static async Task<bool> IsDoneAsync(Func<Task<bool>> write)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (Exception e) when (e.IsModuleMoved())
            {
                return false;
            }
            catch (Exception e) when (e.IsDatabaseUnavailable())
            {
                // Busy: nothing happened.
            }
        }
    }
}

/// <summary>Looks at both sides again and again: on neither may a row become older, or vanish, than it was seen before.</summary>
/// <remarks>Writers never make a bin smaller.</remarks>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Warehouse _warehouse;
    private readonly Task _watching;

    public Watcher(Warehouse warehouse)
    {
        _warehouse = warehouse;
        _watching = Task.Run(WatchAsync);
    }

    public int Looks { get; private set; }

    public ConcurrentQueue<string> Seen { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        var last = new Dictionary<(Owner, Guid), int>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!_stop.IsCancellationRequested)
        {
            foreach (var side in new[] { Owner.Monolith, Owner.Service })
            {
                await LookAsync(side, last);
            }

            await LookAtOwnersAsync();
            Looks++;
            await pace.WaitForNextTickAsync();
        }
    }

    /// <summary>Two never own the data at once, and what the stream writes where nobody else does is recorded nowhere.</summary>
    private async Task LookAtOwnersAsync()
    {
        try
        {
            await using var host = await _warehouse.ConnectAsync(Owner.Monolith);
            await using var service = await _warehouse.ConnectAsync(Owner.Service);
            var before = await _warehouse.Pair.Host.ReadOwnershipAsync(host, default);
            var there = await _warehouse.Pair.Service.ReadOwnershipAsync(service, default);
            var follows = before.Owner is Owner.Monolith ? (Side: _warehouse.Pair.Service, Connection: service) : (Side: _warehouse.Pair.Host, Connection: host);
            var recorded = await follows.Connection.CountAsync(null, follows.Side.Table(Engine.ChangeLog), default);
            var (thereStill, after) = (await _warehouse.Pair.Service.ReadOwnershipAsync(service, default), await _warehouse.Pair.Host.ReadOwnershipAsync(host, default));
            if (before != after || there != thereStill || before.IsFenced || there.IsFenced)
            {
                return;
            }

            if (before.Owner is Owner.Monolith && there is { Owner: Owner.Service })
            {
                Seen.Enqueue($"both write: the host in epoch {before.Epoch}, the service in epoch {there.Epoch}");
            }

            if (recorded > 0 && (before.Owner is Owner.Monolith || there.Owner is Owner.Service))
            {
                Seen.Enqueue($"{recorded} rows are in the change log of {follows.Side}, which follows");
            }
        }
        catch (Exception e) when (e.IsDatabaseUnavailable())
        {
            // Looked at again soon.
        }
    }

    private async Task LookAsync(Owner side, Dictionary<(Owner, Guid), int> last)
    {
        Dictionary<Guid, int> now;
        try
        {
            await using var context = _warehouse.Open(side);
            now = await context.Bins.Select(b => new { b.Id, b.Size }).ToDictionaryAsync(b => b.Id, b => b.Size);
        }
        catch (Exception e) when (e.IsDatabaseUnavailable())
        {
            return;
        }

        foreach (var ((_, id), size) in last.Where(l => l.Key.Item1 == side))
        {
            if (now.GetValueOrDefault(id, -1) < size)
            {
                Seen.Enqueue($"{id} at the {side}: {size}, then {now.GetValueOrDefault(id, -1)}");
            }
        }

        foreach (var (id, size) in now)
        {
            last[(side, id)] = size;
        }
    }
}
