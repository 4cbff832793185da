using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;
using Quartz;

namespace ModularShop.Messaging;

/// <summary>
/// The <c>qrtz_</c> tables, made by Quartz itself: they are as its version wants them on every engine, and what is
/// there already is left alone.
/// </summary>
internal sealed class QuartzTables(QuartzStore store, ILoggerFactory loggers) : IModuleTables
{
    public async Task MakeAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        if (!store.IsPersistent)
        {
            return;
        }

        await using var schedulers = QuartzSchedulerBuilder.Create(quartz =>
        {
            store.UseToMakeTables(quartz, module);
            quartz.UseLogging(loggers);
        }).Build();
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.Start(cancellationToken);
        await scheduler.Shutdown(waitForJobsToComplete: false, cancellationToken);
    }
}
