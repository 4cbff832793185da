using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Data;

/// <summary>Work a module does once its tables are there and before the host listens: demo data.</summary>
public interface IModuleSeed
{
    Task SeedAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Tables of a module's schema that its model does not hold: those of machinery that brings its own. Made whenever the
/// database is migrated; what is there already stays as it is.
/// </summary>
public interface IModuleTables
{
    Task MakeAsync(LoadedModule module, CancellationToken cancellationToken);
}

/// <summary>
/// Brings every module's database up before the host listens: waits for it, migrates it or sees that it is
/// migrated, seeds it; the modules at the same time, processes one after the other.
/// </summary>
public sealed partial class DatabaseStartup(
    ModuleRegistry registry, Deployable here, IServiceScopeFactory scopes, IOptions<DatabaseOptions> options, IOptions<ServiceOptions> service, IHostEnvironment environment,
    DepartedData departed, TimeProvider time, ILogger<DatabaseStartup> logger)
{
    private bool IsAttached => here.Side is Owner.Service && service.Value.Data is ServiceData.Attached;

    private TimeSpan Patience => TimeSpan.FromSeconds(options.Value.StartupWaitSeconds);

    private bool MigratesAtStart => options.Value.MigrateAtStart ?? (options.Value.Provider is DatabaseProvider.Sqlite || !environment.IsProduction());

    /// <exception cref="DatabaseStartupException">A database cannot be brought up.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await OfEveryModuleAsync(
            (module, context) => IsAttached
                ? AttachAsync(module, context, cancellationToken)
                // What is in a service's own database is moved there.
                : BringUpAsync(module, context, MigratesAtStart, seed: here.Side is Owner.Monolith, cancellationToken),
            cancellationToken);
        await Task.WhenAll(registry.Departed.Select(m => ExplainedAsync(m.Name, () => departed.CheckAsync(m, cancellationToken))));
    }

    /// <summary>Migrates and does no more.</summary>
    /// <exception cref="DatabaseStartupException">A database cannot be brought up.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken) =>
        OfEveryModuleAsync(
        (module, context) => IsAttached
            ? throw new DatabaseStartupException($"The tables of {module.Name} are the host's to migrate, this service is attached to them: run the host with --migrate.")
            : BringUpAsync(module, context, migrate: true, seed: false, cancellationToken),
        cancellationToken);

    private Task OfEveryModuleAsync(Func<LoadedModule, IServiceProvider, Task> work, CancellationToken cancellationToken) =>
        Task.WhenAll(registry.Modules.Select(module => Task.Run(
            async () =>
            {
                await using var scope = scopes.CreateAsyncScope();
                await ExplainedAsync(module.Name, () => work(module, scope.ServiceProvider));
            },
            cancellationToken)));

    private async Task ExplainedAsync(string module, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not StartException && Explain(module, e) is { } explained)
        {
            throw new DatabaseStartupException(explained, e);
        }
    }

    private async Task BringUpAsync(LoadedModule module, IServiceProvider services, bool migrate, bool seed, CancellationToken cancellationToken)
    {
        var context = (ModuleDbContext)services.GetRequiredService(module.DbContextType);
        await WaitAsync(module, context, Patience, cancellationToken);
        await using (await StartupLock.TakeAsync(context, Patience, () => DataLog.WaitingForOther(logger, module.Name), time, cancellationToken))
        {
            if (context.Provider is DatabaseProvider.Sqlite)
            {
                // The file keeps it. EF sets it only for a file that it makes itself, and CheckFile has made this one;
                // without it every reader stops the writer.
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
            }

            await MigrateAsync(module, context, migrate, cancellationToken);
            foreach (var tables in migrate ? services.GetServices<IModuleTables>() : [])
            {
                await tables.MakeAsync(module, cancellationToken);
            }

            // Into data that is elsewhere, or on its way, nothing is put here.
            var isOwner = seed && await OwnershipRows.ReadAsync(context, module.Name, cancellationToken) is { Details: { Owner: Owner.Monolith, Fenced: false }, Replication: null };
            foreach (var work in isOwner ? services.GetKeyedServices<IModuleSeed>(module.Name) : [])
            {
                await work.SeedAsync(cancellationToken);
            }
        }
    }

    /// <summary>Takes the module's existing database as it is: neither migrates nor seeds it, but waits until the host has.</summary>
    private async Task AttachAsync(LoadedModule module, IServiceProvider services, CancellationToken cancellationToken)
    {
        var context = (ModuleDbContext)services.GetRequiredService(module.DbContextType);
        var waited = Stopwatch.StartNew();
        var told = false;
        while (await MissingAsync(module, context, cancellationToken) is { } missing)
        {
            if (waited.Elapsed > Patience)
            {
                throw new DatabaseStartupException(
                    $"{module.Name} has no tables to be attached to: {missing} Start the host, which makes them, or see that {SettingOf(module.Name)} says the same as the host's.");
            }

            if (!told)
            {
                told = true;
                DataLog.WaitingForTables(logger, module.Name, missing);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }

    private async Task<string?> MissingAsync(LoadedModule module, ModuleDbContext context, CancellationToken cancellationToken)
    {
        if (context.Provider is DatabaseProvider.Sqlite)
        {
            // Opening it would make it.
            var path = FileOf(context);
            if (!File.Exists(path))
            {
                return $"there is no {path}.";
            }
        }
        else
        {
            await WaitAsync(module, context, Patience, cancellationToken);
        }

        var pending = await PendingAsync(module, context, cancellationToken);
        return pending.Count == 0 ? null : $"the database lacks {string.Join(", ", pending)}.";
    }

    /// <summary>The migrations that this program knows, and the database does not have and needs.</summary>
    private async Task<List<string>> PendingAsync(LoadedModule module, ModuleDbContext context, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Except(known, StringComparer.Ordinal).LastOrDefault() is { } unknown)
        {
            // Expand first, contract later: the version before must run on the tables of the one after it.
            DataLog.NewerDatabase(logger, module.Name, unknown);
        }

        List<string> pending = [.. known.Except(applied, StringComparer.Ordinal)];
        if (pending.Count > 0 && await MoveMark.IsRetiredAsync(context, module.Name, cancellationToken))
        {
            // They would change tables that are gone, or kept for a while as they were.
            DataLog.Retired(logger, module.Name, string.Join(", ", pending));
            return [];
        }

        return pending;
    }

    private async Task MigrateAsync(LoadedModule module, ModuleDbContext context, bool migrate, CancellationToken cancellationToken)
    {
        try
        {
            var pending = await PendingAsync(module, context, cancellationToken);
            if (pending.Count == 0)
            {
                return;
            }

            if (!migrate)
            {
                throw new DatabaseStartupException(
                    $"The database of {module.Name} is not migrated: it lacks {string.Join(", ", pending)}. Run this program once with --migrate, as a role that may change tables, "
                    + "or set Database:MigrateAtStart to true.");
            }

            if (await MoveMark.IsThereAsync(context, cancellationToken))
            {
                throw new DatabaseStartupException(
                    $"The tables of {module.Name} are being moved, and are not changed meanwhile: {string.Join(", ", pending)} would be. Complete or cancel the move with the version "
                    + $"that runs it ('./shop move status {module.Schema}'), then start this one.");
            }

            if (context.Provider is DatabaseProvider.Sqlite)
            {
                // A host killed while it migrated leaves EF's lock row behind, and EF waits for it for ever.
                // The lock file is held by this process alone, so the row is nobody's.
                await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
            }

            await context.Database.MigrateAsync(cancellationToken);
            DataLog.Migrated(logger, module.Name);
        }
        catch (DbException e) when (Explain(module.Name, e) is null)
        {
            throw new DatabaseStartupException(
                $"The database of {module.Name} cannot be migrated: {Reason(e)} The tables there were not made by this program's migrations: "
                + $"choose another database ({SettingOf(module.Name)}) or restore the one that belongs here.", e);
        }
    }

    private async Task WaitAsync(LoadedModule module, ModuleDbContext context, TimeSpan patience, CancellationToken cancellationToken)
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
            catch (Exception e) when (e.IsDatabaseUnavailable() && !e.IsCertificateRefused() && context.Provider is not DatabaseProvider.Sqlite && waited.Elapsed < patience)
            {
                DataLog.Waiting(logger, module.Name, e.DatabaseMessage());
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }
            catch (NotSupportedException e) when (context.Provider is DatabaseProvider.SqlServer)
            {
                throw new DatabaseStartupException(
                    $"The database of {module.Name} cannot be opened: {e.Message} SQL Server's client needs ICU: install libicu, and leave DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset.", e);
            }
            catch (DbException e) when (Explain(module.Name, e) is null)
            {
                throw new DatabaseStartupException(
                    $"The database of {module.Name} cannot be opened: {Reason(e)} "
                    + $"Check what {SettingOf(module.Name)} says; a database that does not exist yet is created by its administrator (CREATE DATABASE).", e);
            }
        }
    }

    /// <summary>What can be wrong at any step, and whose fault it is; null for what nobody expected.</summary>
    private string? Explain(string module, Exception e) => e switch
    {
        _ when e.IsCertificateRefused() =>
            $"The server of the database of {module} shows a certificate that is not trusted here: {e.GetBaseException().Message.TrimEnd('.', ' ')}. Give the server one of an authority that this machine "
            + $"trusts, for the name that 'Server' in {SettingOf(module)} has (or that its HostNameInCertificate says); in a network where nobody can stand between the two, set TrustServerCertificate=true there.",
        _ when e.IsDatabaseUnavailable() =>
            $"The database of {module} does not answer or takes no writes: {Reason(e)} Check that it is up, that no other program locks it, and what {SettingOf(module)} says.",
        _ when e.IsLogInRefused() => $"The database of {module} refuses the log-in: {Reason(e)} Check user name and password in {SettingOf(module)}.",
        _ when e.IsRightMissing() =>
            $"The role that {SettingOf(module)} names lacks a right in the database of {module}: {Reason(e)} "
            + "Grant it, or name another role: --migrate takes one that may create schemas and tables, a start one that may read and write them.",
        _ => null,
    };

    private string SettingOf(string module) => options.Value.Provider is DatabaseProvider.Sqlite ? "Database:DataFolder"
        : options.Value.MigrationConnectionString is { } migration && migration == options.Value.ConnectionString ? $"Database:{nameof(DatabaseOptions.MigrationConnectionString)}"
        : options.Value.Modules.ContainsKey(module) ? $"Database:Modules:{module}"
        : "Database:ConnectionString";

    private static string Reason(Exception e) => $"{e.DatabaseMessage().TrimEnd('.', ' ')}.";

    private static string FileOf(ModuleDbContext context) => new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource;

    private static void CheckFile(LoadedModule module, ModuleDbContext context)
    {
        var path = FileOf(context);
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
}

/// <summary>A database could not be brought up; the message says which, why, and what to do.</summary>
public sealed class DatabaseStartupException(string message, Exception? inner = null) : StartException(message, inner);
