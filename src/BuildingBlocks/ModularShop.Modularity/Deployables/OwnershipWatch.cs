using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Deployables;

/// <summary>
/// Reads the ownership rows of this process's modules: before it listens, and then again and again, for others change
/// them too; more often while somebody waits for a change. A database that is away leaves its module's owner as last known.
/// </summary>
internal sealed class OwnershipWatch(ModuleRegistry modules, OwnershipStore store, Ownerships ownerships, ILogger<OwnershipWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PaceWhileAwaited = TimeSpan.FromMilliseconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(modules.Modules.Select(m => store.RefreshAsync(m, cancellationToken)));
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(modules.Modules.Select(m => WatchAsync(m, stoppingToken)));

    private async Task WatchAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        var isAway = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await (ownerships.IsAwaited(module.Name) ? Task.Delay(PaceWhileAwaited, cancellationToken) : ownerships.AwaitedAsync(module.Name, Pace, cancellationToken));
                await store.RefreshAsync(module, cancellationToken);
                isAway = false;
            }
            catch (Exception e) when (e.IsCancelled(cancellationToken))
            {
                return;
            }
            catch (Exception e)
            {
                if (!isAway)
                {
                    isAway = true;
                    var known = ownerships.Of(module.Name);
                    DeployablesLog.OwnerNotRead(logger, module.Name, known.Owner, known.Epoch, e.DatabaseMessage());
                }
            }
        }
    }
}
