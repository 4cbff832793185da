using System.Data.Common;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A coordinator of the warehouse's move, which keeps its lease until it is stopped.</summary>
internal sealed class Coordinating : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Coordinating(Warehouse warehouse, MovePair pair, MoveServices services) => _running = Task.Run(() => RunAsync(warehouse, pair, services));

    /// <summary>It noticed that another one is in charge, and ended.</summary>
    public bool WasReplaced { get; private set; }

    private async Task RunAsync(Warehouse warehouse, MovePair pair, MoveServices services)
    {
        await using var connection = await warehouse.Pair.Host.OpenAsync(default);
        var holder = $"test:{Guid.CreateVersion7():N}";
        long? epoch = null;
        await Eventually.TrueAsync(
            async () => _stop.IsCancellationRequested || (epoch = await warehouse.Store.AcquireAsync(connection, warehouse.Id, holder, TimeSpan.FromMinutes(1), default)) is not null, "the lease");
        if (epoch is not { } mine)
        {
            return;
        }

        try
        {
            await using var run = new MoveRun(pair, warehouse.Store, services, warehouse.Id, mine);
            await run.RunAsync(_stop.Token);
        }
        catch (CoordinatorReplacedException)
        {
            WasReplaced = true;
            return;
        }

        try
        {
            // The database may have been away since, or still be.
            await using var last = await warehouse.Pair.Host.OpenAsync(default);
            await warehouse.Store.ReleaseAsync(last, warehouse.Id, holder, default);
        }
        catch (DbException e) when (e.IsDatabaseUnavailable())
        {
            // The lease ends by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }
}
