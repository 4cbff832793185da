using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Modules;

namespace ModularShop.MoveTables;

/// <summary>Could the tables be moved where the configuration says: triggers, snapshots, and the roles' rights to them?</summary>
internal sealed class MoveExamination(MovePairs pairs, MoveChecks checks, ModuleRegistry modules, IServiceScopeFactory scopes, IOptions<MoveTablesOptions> options) : IExamination
{
    public string About => "moves of tables";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var name in options.Value.Targets.Keys.Order(StringComparer.Ordinal))
        {
            findings.AddRange(modules.Find(name) is { } module ? await OfAsync(module, cancellationToken)
                : [Finding.Warning(About, $"MoveTables:Targets:{name} is of no module here.", $"delete it, or name one of {string.Join(", ", modules.Modules.Select(m => m.Name))}.")]);
        }

        return findings.Count > 0 ? findings : [Finding.Ok(About, "No module is configured to be moved (MoveTables:Targets).")];
    }

    private async Task<IReadOnlyList<Finding>> OfAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        var about = $"move of {module.Name}";
        await using var scope = scopes.CreateAsyncScope();
        var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
        try
        {
            if ((context.Provider is DatabaseProvider.Sqlite && !File.Exists(context.Database.GetDbConnection().DataSource)) || !await context.Database.CanConnectAsync(cancellationToken)
                || (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            {
                return [Finding.Ok(about, "It is looked at once the host's database has its tables.")];
            }

            if (await MoveMark.IsThereAsync(context, cancellationToken))
            {
                return [Finding.Ok(about, $"Its tables are being moved: './shop move status {module.Schema}'.")];
            }

            var found = await checks.RightsAsync(pairs.Find(module)!, cancellationToken);
            return found.FirstOrDefault(c => c.Problem is not null) is not { } first ? [Finding.Ok(about, "It could begin: triggers, tables and snapshots can be made on either side.")]
                : first.What.StartsWith("The service's database has the tables", StringComparison.Ordinal) ? [Finding.Ok(about, $"In the host's database it could begin. {first.Problem}")]
                : [Finding.Warning(about, $"It would be refused: {first.Problem}")];
        }
        catch (StartException e)
        {
            return [Finding.Warning(about, e.Message)];
        }
    }
}
