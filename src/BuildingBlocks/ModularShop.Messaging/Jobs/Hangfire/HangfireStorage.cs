using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Hangfire.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>
/// Where Hangfire keeps the jobs of all modules, as it has one dashboard for all: the schema <c>jobs</c> of the
/// database that <c>Database:Modules:Jobs</c>, or else <c>Database:ConnectionString</c>, names. With SQLite: the memory
/// of the process.
/// </summary>
internal sealed class HangfireStorage(IOptions<DatabaseOptions> options, IHostEnvironment environment)
{
    private const string Schema = "jobs";

    /// <summary>A killed host's lock on a job is given up after this long.</summary>
    private static readonly TimeSpan LockLifetime = TimeSpan.FromMinutes(1);

    public JobStorage Open(bool makeTables = false)
    {
        var database = options.Value;
        if (database.Provider is DatabaseProvider.Sqlite)
        {
            return new InMemoryStorage();
        }

        var connectionString = ModuleDatabase.ConnectionStringOf("Jobs", database, environment.ContentRootPath);
        if (database.Provider is DatabaseProvider.SqlServer)
        {
            return new SqlServerStorage(connectionString, new SqlServerStorageOptions
            {
                SchemaName = Schema, PrepareSchemaIfNecessary = makeTables, SqlClientFactory = SqlClientFactory.Instance,
                SlidingInvisibilityTimeout = LockLifetime, QueuePollInterval = TimeSpan.FromSeconds(1),
            });
        }

        var postgreSql = new PostgreSqlStorageOptions
        {
            SchemaName = Schema, PrepareSchemaIfNecessary = makeTables, DistributedLockTimeout = LockLifetime,
            UseSlidingInvisibilityTimeout = true, InvisibilityTimeout = LockLifetime, QueuePollInterval = TimeSpan.FromSeconds(1),
        };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(connectionString, postgreSql), postgreSql);
    }
}

/// <summary>The tables of Hangfire, made by Hangfire itself, once for all modules.</summary>
internal sealed class HangfireTables(HangfireStorage storage, IOptions<DatabaseOptions> options) : IModuleTables, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _made;

    public async Task MakeAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_made && options.Value.Provider is not DatabaseProvider.Sqlite)
            {
                storage.Open(makeTables: true);
                _made = true;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
