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
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;
using Npgsql;

namespace ModularShop.Modularity.Data;

public static class ModuleDatabase
{
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

        return database.Modules.TryGetValue(module, out var own) ? own
            : database.ConnectionString
            ?? throw new ConfigurationException($"Database:Provider is {database.Provider} and neither Database:ConnectionString nor Database:Modules:{module} is set.");
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
                    if (database.MaxBatchSize is { } size)
                    {
                        o.MaxBatchSize(size);
                    }
                });
                break;
            default:
                throw new ConfigurationException($"Database:Provider {database.Provider} is none of {string.Join(", ", Enum.GetNames<DatabaseProvider>())}.");
        }

        options.ReplaceService<IMigrationsAssembly, ProviderMigrations>();
        // The model is the same for all providers but for collations and schema; the migrations of each are checked by a test.
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
    }

    /// <summary>A duplicate key, whatever the engine says it with.</summary>
    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException switch
    {
        SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } => true,
        SqlException { Number: 2601 or 2627 } => true,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        _ => false,
    };

    /// <summary>
    /// The database, not the request, is at fault: gone, full, read-only or locked for longer than a writer
    /// waits. The same work can succeed later.
    /// </summary>
    public static bool IsDatabaseUnavailable(this Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 13 or 14 }: // busy, locked, read-only, I/O, full, cannot open
                case NpgsqlException { IsTransient: true }:
                case PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.ReadOnlySqlTransaction }:
                case SqlException { Number: -2 or 2 or 53 or 233 or 1105 or 3906 or 4060 or 9002 or 10053 or 10054 or 10060 or 10061 }:
                    return true;
            }
        }

        return false;
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
            // NORMAL survives a killed process; a power cut may lose the last commits (README, "Durability").
            command.CommandText = "PRAGMA synchronous = NORMAL;";
            command.ExecuteNonQuery();
        }
    }
}
