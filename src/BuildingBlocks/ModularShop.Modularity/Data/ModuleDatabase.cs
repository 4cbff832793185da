using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;
using Npgsql;

namespace ModularShop.Modularity.Data;

public static class ModuleDatabase
{
    /// <summary>A server that does not take a connection by then answers no request in time; the drivers' default is 15.</summary>
    private const int LongestConnectSeconds = 5;

    /// <summary>Of a connection; more than a module has that run often.</summary>
    private const int PreparedStatements = 100;

    /// <summary>The module's tables: a pooled context on the configured provider.</summary>
    public static ModuleBuilder AddDatabase<TContext>(this ModuleBuilder module)
        where TContext : ModuleDbContext
    {
        var name = module.Name;
        module.DbContextType = typeof(TContext);
        module.Services.TryAddSingleton<WriteGates>();
        module.Services.AddDbContextPool<TContext>((services, options) =>
        {
            var database = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            var environment = services.GetRequiredService<IHostEnvironment>();
            options.UseModuleDatabase(name, database, environment.ContentRootPath);
            options.AddInterceptors(services.GetKeyedServices<IInterceptor>(name));
        });
        return module;
    }

    /// <summary>The connection string of a module's database.</summary>
    public static string ConnectionStringOf(string module, DatabaseOptions database, string contentRoot)
    {
        if (database.Provider is DatabaseProvider.Sqlite)
        {
            var folder = Path.GetFullPath(Path.Combine(contentRoot, database.DataFolder));
            return new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(folder, $"{module.ToLowerInvariant()}.db"),
                ForeignKeys = true,
                RecursiveTriggers = true,
                DefaultTimeout = 10,
            }.ToString();
        }

        var configured = database.Modules.TryGetValue(module, out var own) ? own
            : database.ConnectionString
            ?? throw new ConfigurationException($"Database:Provider is {database.Provider} and neither Database:ConnectionString nor Database:Modules:{module} is set.");
        try
        {
            return database.Provider is DatabaseProvider.PostgreSql ? PostgreSql(configured) : SqlServer(configured);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The message of the exception may quote the password.
            throw new ConfigurationException(
                $"The connection string of {module} (Database:Modules:{module} or Database:ConnectionString) is not one of {database.Provider}: a keyword or a value in it is not valid.");
        }
    }

    private static string SqlServer(string configured)
    {
        var connection = new SqlConnectionStringBuilder(configured);
        if (!connection.ShouldSerialize("Connect Timeout"))
        {
            connection.ConnectTimeout = LongestConnectSeconds;
        }

        if (!connection.ShouldSerialize("Pool Blocking Period"))
        {
            // Else the pool answers with its last error, for up to a minute after the server is back.
            connection.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        }

        return connection.ToString();
    }

    private static string PostgreSql(string configured)
    {
        var connection = new NpgsqlConnectionStringBuilder(configured);
        // Npgsql's own builder contains every keyword there is, set or not.
        var set = new DbConnectionStringBuilder { ConnectionString = configured };
        bool IsSet(string keyword) => set.ContainsKey(keyword) || set.ContainsKey(keyword.Replace(" ", "", StringComparison.Ordinal));
        if (!IsSet("Timeout"))
        {
            connection.Timeout = LongestConnectSeconds;
        }

        if (!IsSet("Options"))
        {
            // A process that is stopped inside a transaction must not keep its locks, the lease's among them, for
            // ever. No transaction of ours waits for anything but the database.
            connection.Options = "-c idle_in_transaction_session_timeout=4000";
        }

        if (!IsSet("Max Auto Prepare"))
        {
            // What is asked again and again is parsed and planned once a connection.
            connection.MaxAutoPrepare = PreparedStatements;
        }

        if (!IsSet("No Reset On Close"))
        {
            // No statement of ours changes a session past its transaction, and a reset would take as long as a small query.
            connection.NoResetOnClose = true;
        }

        return connection.ToString();
    }

    internal static void UseModuleDatabase(this DbContextOptionsBuilder options, string module, DatabaseOptions database, string contentRoot)
    {
        var connectionString = ConnectionStringOf(module, database, contentRoot);
        var schema = module.ToLowerInvariant();
        const string history = "__ef_migrations";
        switch (database.Provider)
        {
            case DatabaseProvider.Sqlite:
                options.UseSqlite(connectionString, o =>
                {
                    o.MigrationsHistoryTable(history);
                    // A list is one parameter, so that the statement is the same whatever its length.
                    o.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter);
                    if (database.MaxBatchSize is { } size)
                    {
                        o.MaxBatchSize(size);
                    }
                });
                options.AddInterceptors(SqlitePragmas.Instance);
                break;
            case DatabaseProvider.SqlServer:
                options.UseSqlServer(connectionString, o =>
                {
                    o.MigrationsHistoryTable(history, schema);
                    o.ExecutionStrategy(dependencies => new SqlServerReadRetries(dependencies));
                    if (database.MaxBatchSize is { } size)
                    {
                        o.MaxBatchSize(size);
                    }
                });
                break;
            case DatabaseProvider.PostgreSql:
                options.UseNpgsql(connectionString, o =>
                {
                    o.MigrationsHistoryTable(history, schema);
                    o.ExecutionStrategy(dependencies => new PostgreSqlReadRetries(dependencies));
                    if (database.MaxBatchSize is { } size)
                    {
                        o.MaxBatchSize(size);
                    }
                });
                break;
            default:
                throw new ConfigurationException($"Database:Provider {database.Provider} is none of {string.Join(", ", Enum.GetNames<DatabaseProvider>())}.");
        }

        if (database.Provider is not DatabaseProvider.Sqlite)
        {
            options.AddInterceptors(UnansweredCommits.Instance);
        }

        options.ReplaceService<IMigrationsAssembly, ProviderMigrations>();
        // The model is the same for all providers but for collations and schema; the migrations of each are checked by a test.
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
        // Whoever asks tells what has failed, and may have expected it.
        options.ConfigureWarnings(w => w.Log((CoreEventId.QueryIterationFailed, LogLevel.Debug)));
    }

    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Apply(connection);
            return Task.CompletedTask;
        }

        private static void Apply(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            // NORMAL survives a killed process; a power cut may lose the last commits (README, "Durability"). Another process
            // that writes is waited for by SQLite itself, which looks again within milliseconds, the driver every 150.
            command.CommandText = "PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;";
            command.ExecuteNonQuery();
        }
    }
}
