using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Data;

/// <summary>Work a module does once its tables are there and before the host listens: demo data.</summary>
public interface IModuleSeed
{
    Task SeedAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Brings every module's database up before the host listens: waits for it, migrates it, seeds it; the modules
/// at the same time.
/// </summary>
public sealed class DatabaseStartup(
    ModuleRegistry registry, IServiceScopeFactory scopes, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<DatabaseStartup> logger)
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(registry.Modules.Select(module => Task.Run(() => BringUpAsync(module, cancellationToken), cancellationToken)));

    private async Task BringUpAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAndSeedAsync(module, cancellationToken);
        }
        catch (Exception e) when (e.IsDatabaseUnavailable())
        {
            throw new DatabaseStartupException(
                $"The database of {module.Name} does not answer or takes no writes: {e.GetBaseException().Message} "
                + $"Check that it is up, that no other program locks it, and what {(options.Value.Provider is DatabaseProvider.Sqlite ? "Database:DataFolder" : "Database:ConnectionString")} says.", e);
        }
    }

    private async Task MigrateAndSeedAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
        await WaitAsync(module, context, cancellationToken);
        await using (await LockAsync(context, cancellationToken))
        {
            if (context.Provider is DatabaseProvider.Sqlite)
            {
                // The file keeps it. EF sets it only for a file that it makes itself, and CheckFile has made this one;
                // without it every reader stops the writer.
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
            }

            if ((await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            {
                if (context.Provider is DatabaseProvider.Sqlite)
                {
                    // A host killed while it migrated leaves EF's lock row behind, and EF waits for it for ever.
                    // The lock file is held by this process alone, so the row is nobody's.
                    await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
                }

                await context.Database.MigrateAsync(cancellationToken);
                DataLog.Migrated(logger, module.Name);
            }

            foreach (var seed in scope.ServiceProvider.GetKeyedServices<IModuleSeed>(module.Name))
            {
                await seed.SeedAsync(cancellationToken);
            }
        }
    }

    private async Task WaitAsync(LoadedModule module, ModuleDbContext context, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (context.Provider is DatabaseProvider.Sqlite)
                {
                    CheckFile(module, context);
                }

                await context.Database.OpenConnectionAsync(cancellationToken);
                await context.Database.CloseConnectionAsync();
                return;
            }
            catch (Exception e) when (e.IsDatabaseUnavailable() && context.Provider is not DatabaseProvider.Sqlite
                && waited.Elapsed < TimeSpan.FromSeconds(options.Value.StartupWaitSeconds))
            {
                DataLog.Waiting(logger, module.Name, e.GetBaseException().Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }
        }
    }

    private static void CheckFile(LoadedModule module, ModuleDbContext context)
    {
        var path = new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseStartupException(
                $"The database of {module.Name} cannot be written: {path}: {e.Message} Make the file and its folder writable, or set Database:DataFolder to another folder.", e);
        }
    }

    /// <summary>SQLite only: one process at a time migrates a file. The system frees the lock of a process that dies.</summary>
    private async Task<FileStream?> LockAsync(ModuleDbContext context, CancellationToken cancellationToken)
    {
        if (context.Provider is not DatabaseProvider.Sqlite)
        {
            return null;
        }

        var path = new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource + ".migrating";
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromSeconds(options.Value.StartupWaitSeconds))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
        }
    }
}

/// <summary>A database could not be brought up; the message says which, why, and what to do.</summary>
public sealed class DatabaseStartupException(string message, Exception inner) : Exception(message, inner);
