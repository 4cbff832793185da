using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Data;

/// <remarks>The same looked at beforehand: nothing is made, migrated or waited for.</remarks>
public sealed partial class DatabaseStartup
{
    internal async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellationToken)
    {
        var findings = await Task.WhenAll(registry.Modules.Select(module => Task.Run(() => ExamineAsync(module, cancellationToken), cancellationToken)));
        // Modules on one server have one clock, and what is said of it is said once.
        return [.. findings.SelectMany(f => f).Distinct()];
    }

    private async Task<IReadOnlyList<Finding>> ExamineAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        var about = $"database of {module.Name}";
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
            if (context.Provider is DatabaseProvider.Sqlite && FileOf(context) is var path && !File.Exists(path))
            {
                return [IsAttached ? Finding.Problem(about, $"There is no {path} to be attached to.", "start the host, which makes it.") : Finding.Ok(about, $"{path} is made by the first start.")];
            }

            await WaitAsync(module, context, TimeSpan.Zero, cancellationToken);
            return [await TablesAsync(about, module, context, cancellationToken), .. await ServerAsync(context, cancellationToken)];
        }
        catch (StartException e)
        {
            return [Finding.Problem(about, e.Message)];
        }
        catch (Exception e) when (Explain(module.Name, e) is { } explained)
        {
            return [Finding.Problem(about, explained)];
        }
    }

    private async Task<Finding> TablesAsync(string about, LoadedModule module, ModuleDbContext context, CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(module, context, cancellationToken);
        var lacks = $"It answers, and lacks {string.Join(", ", pending)}.";
        return pending.Count == 0 ? Finding.Ok(about, "It answers, and has the tables of this version.")
            : IsAttached ? Finding.Problem(about, lacks, "start the host in this version, which migrates it.")
            : await MoveMark.IsThereAsync(context, cancellationToken) ? Finding.Problem(
                about, $"{lacks} Its tables are being moved, and are not changed meanwhile.", $"complete or cancel the move with the version that runs it ('./shop move status {module.Schema}').")
            : MigratesAtStart ? Finding.Ok(about, $"{lacks} The next start makes it.")
            : Finding.Problem(about, lacks, "run this program once with --migrate, as a role that may change tables, or set Database:MigrateAtStart to true.");
    }

    private async Task<IReadOnlyList<Finding>> ServerAsync(ModuleDbContext context, CancellationToken cancellationToken)
    {
        if (context.Provider is DatabaseProvider.Sqlite)
        {
            return [];
        }

        var name = $"{context.Database.GetDbConnection().Database} on {context.Database.GetDbConnection().DataSource}";
        var before = time.GetUtcNow();
        var there = await DatabaseClock.ReadAsync(context, cancellationToken);
        var after = time.GetUtcNow();
        // The answer is of some moment in between.
        var skew = there < before ? before - there : there > after ? there - after : TimeSpan.Zero;
        // Leases are held and given by the database's clock, tokens by this machine's.
        var clock = skew < Clocks.Skew ? Finding.Ok($"clock of {name}", "It agrees with this machine's.") : Finding.Warning(
            $"clock of {name}", string.Create(CultureInfo.InvariantCulture, $"It is {Math.Floor(skew.TotalSeconds):0} s {(there < before ? "behind" : "ahead of")} this machine's."),
            "let both follow a time server (chrony, ntpd, w32time).");
        if (context.Provider is DatabaseProvider.PostgreSql)
        {
            return [clock];
        }

        var isOn = await context.Database.SqlQueryRaw<bool>("SELECT is_read_committed_snapshot_on AS [Value] FROM sys.databases WHERE database_id = DB_ID()").SingleAsync(cancellationToken);
        return isOn ? [clock] : [clock, Finding.Warning($"settings of {name}", "Readers wait for writers.", $"ALTER DATABASE \"{context.Database.GetDbConnection().Database}\" SET READ_COMMITTED_SNAPSHOT ON")];
    }
}
