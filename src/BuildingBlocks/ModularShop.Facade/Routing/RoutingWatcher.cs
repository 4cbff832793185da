using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ModularShop.Facade;

/// <summary>Loads the routing before the process listens, and follows it from then on.</summary>
internal sealed class RoutingWatcher(RoutingChanges changes, IRoutingStore store, RoutingTable table, TimeProvider time, ILogger<RoutingWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await changes.LoadAsync(cancellationToken);
        try
        {
            // What was edited while nobody ran is in effect for the first request.
            await store.LookAsync(written => changes.TakeAsync(written, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            FacadeLog.NotWatched(logger, e.GetBaseException().Message, table.Current.Revision.Number);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.WatchAsync(
                    async written =>
                    {
                        told = false;
                        await changes.TakeAsync(written, stoppingToken);
                    },
                    stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!told)
                {
                    FacadeLog.NotWatched(logger, e.GetBaseException().Message, table.Current.Revision.Number);
                    told = true;
                }

                await Task.Delay(PauseAfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
