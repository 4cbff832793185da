using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.MoveTables;

/// <summary>Coordinates the moves of this host's modules: of several hosts, for each move the one that holds its lease.</summary>
internal sealed class Coordinator(
    ModuleRegistry modules, MovePairs pairs, MoveSteps steps, IOptions<MoveTablesOptions> options, IOptions<ReplicaOptions> replicas, IReadRouting reads, WriteTraffic writes, ServiceProbe probe,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Coordinator> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly string _holder = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.CreateVersion7():N}";

    private TimeSpan Lease => TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
        await using (stoppingToken.Register(() => started.TrySetResult()))
        {
            await started.Task;
        }

        await Task.WhenAll(modules.Modules.Where(m => options.Value.Targets.ContainsKey(m.Name)).Select(m => WatchAsync(m, stoppingToken)));
    }

    private async Task WatchAsync(LoadedModule module, CancellationToken stoppingToken)
    {
        var pair = pairs.Find(module)!;
        var store = new MoveStore(pair.Host, time);
        string? trouble = null;
        DbConnection? connection = null;
        var isDropped = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                connection ??= await pair.Host.OpenAsync(stoppingToken);
                var move = await store.LastAsync(connection, stoppingToken);
                if (move is { NeedsCoordinator: true } && await store.AcquireAsync(connection, move.Id, _holder, Lease, stoppingToken) is { } epoch)
                {
                    MoveTablesLog.Coordinating(logger, module.Name, epoch, move.State);
                    await HoldAsync(pair, store, connection, move.Id, epoch, stoppingToken);
                }

                if (move is { State: MoveState.Completed } && !isDropped && time.GetUtcNow() - move.ChangedAt >= TimeSpan.FromHours(options.Value.KeepRetiredHours))
                {
                    await Ending.DropRetiredAsync(pair, connection, stoppingToken);
                    isDropped = true;
                }

                trouble = null;
                await Task.Delay(Look, stoppingToken);
            }
            catch (Exception e) when (e.IsCancelled(stoppingToken))
            {
                break;
            }
            catch (CoordinatorReplacedException)
            {
                MoveTablesLog.Replaced(logger, module.Name);
                await Task.Delay(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                if (trouble != e.Message)
                {
                    trouble = e.Message;
                    MoveTablesLog.Troubled(logger, e, module.Name, e.DatabaseMessage());
                }

                await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
                connection = null;
                await Task.Delay(Look, CancellationToken.None);
            }
        }

        await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Coordinates until the move ends, the process does, or the lease is lost.</summary>
    private async Task HoldAsync(MovePair pair, MoveStore store, DbConnection connection, Guid id, long epoch, CancellationToken stoppingToken)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var run = new MoveRun(pair, store, new MoveServices(steps, options.Value, reads, writes, probe, TimeSpan.FromSeconds(replicas.Value.MaxLagSeconds), time, logger), id, epoch);
        var running = Task.Run(() => run.RunAsync(held.Token), CancellationToken.None);
        var renewed = time.GetTimestamp();
        try
        {
            while (!running.IsCompleted && time.GetElapsedTime(renewed) < Lease)
            {
                await Task.WhenAny(running, Task.Delay(Lease / 4, stoppingToken));
                stoppingToken.ThrowIfCancellationRequested();
                if (await store.AcquireAsync(connection, id, _holder, Lease, stoppingToken) != epoch)
                {
                    break;
                }

                renewed = time.GetTimestamp();
            }
        }
        finally
        {
            await held.CancelAsync();
            await running;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await store.ReleaseAsync(connection, id, _holder, limit.Token);
        }
    }
}
