using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;
using Npgsql;
using Quartz;

namespace ModularShop.Messaging;

/// <summary>
/// Where the schedule of a module's jobs is kept. On a server: tables of Quartz in the module's own schema, shared by
/// all hosts, so that a job's next time survives restart and take-over, and two hosts that both believe to be elected
/// still run it once. With SQLite: the memory of the process.
/// </summary>
internal sealed class QuartzStore(IOptions<DatabaseOptions> options, IOptions<MessagingOptions> messaging, IHostEnvironment environment)
{
    /// <summary>Times older than this are made up for by one run; younger ones one by one.</summary>
    private static readonly TimeSpan MisfireThreshold = TimeSpan.FromSeconds(5);

    public bool IsPersistent => options.Value.Provider is not DatabaseProvider.Sqlite;

    public void Use(IQuartzBuilder quartz, string scheduler, LoadedModule module)
    {
        quartz.ConfigureScheduler(o => o.InstanceName = scheduler);
        // Schedules run in real time, as timers do: a test that moves its clock does not move them.
        quartz.UseTimeProvider(TimeProvider.System);
        if (!IsPersistent)
        {
            quartz.UseInMemoryStore(o => o.MisfireThreshold = MisfireThreshold);
            return;
        }

        quartz.UsePersistentStore(store =>
        {
            UseDatabase(store, module);
            store.ConfigureStore(o =>
            {
                o.MisfireThreshold = MisfireThreshold;
                o.RecoverFiringsCancelledByShutdown = true;
                // As the module's other work does, jobs look again after a second whether a database that was away is back.
                o.DbRetryInterval = TimeSpan.FromSeconds(1);
                // Those that wait for a database that is away would keep a host that was told to stop from ending, for ever.
                o.UseBackgroundThreads = true;
            });
            store.UseClustering(o =>
            {
                // A killed host's runs are taken up as soon as its work is.
                o.CheckinInterval = TimeSpan.FromSeconds(1);
                o.CheckinMisfireThreshold = TimeSpan.FromSeconds(messaging.Value.LeaseSeconds);
            });
        });
    }

    /// <summary>A store that makes the tables it misses when its scheduler starts; that one has no jobs.</summary>
    public void UseToMakeTables(IQuartzBuilder quartz, LoadedModule module)
    {
        quartz.ConfigureScheduler(o => o.InstanceName = "migration");
        quartz.UsePersistentStore(store =>
        {
            UseDatabase(store, module);
            store.ProvisionSchema();
        });
    }

    private void UseDatabase(IPersistentStoreBuilder store, LoadedModule module)
    {
        var connectionString = ModuleDatabase.ConnectionStringOf(module.Name, options.Value, environment.ContentRootPath);
        if (options.Value.Provider is DatabaseProvider.SqlServer)
        {
            store.UseSqlServer(SqlClientFactory.Instance, connectionString);
        }
        else
        {
            store.UsePostgres(NpgsqlFactory.Instance, connectionString);
        }

        store.ConfigureStore(o => o.TablePrefix = $"{module.Schema}.qrtz_");
    }
}
