using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Data;

/// <summary>Sees to it that no module leaves the host before its data has.</summary>
public sealed class DepartedData(IOptions<DatabaseOptions> options, IHostEnvironment environment)
{
    /// <remarks>Where the host's configuration names no database for the module any more, or there are no tables of it, nothing of it is here.</remarks>
    /// <exception cref="DatabaseStartupException">The module's data is in this host's database.</exception>
    public async Task CheckAsync(DepartedModule module, CancellationToken cancellationToken)
    {
        var database = options.Value;
        if (database.Provider is not DatabaseProvider.Sqlite && database.ConnectionString is null && !database.Modules.ContainsKey(module.Name))
        {
            return;
        }

        var builder = new DbContextOptionsBuilder();
        builder.UseModuleDatabase(module.Name, database, environment.ContentRootPath);
        await using var context = new Context(builder.Options, module.Schema);
        // Opening a file would make it.
        if (context.Provider is DatabaseProvider.Sqlite && !File.Exists(new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource))
        {
            return;
        }

        try
        {
            if (!await MoveMark.IsThereAsync(context, "ownership", cancellationToken))
            {
                return;
            }

            var (owner, replication) = await OwnershipRows.ReadAsync(context, module.Name, cancellationToken);
            if (replication?.State is not ReplicationState.Retired)
            {
                throw new DatabaseStartupException(Refusal(module, owner, replication));
            }
        }
        catch (Exception e) when (e is not StartException && (e.IsLogInRefused() || e.IsRightMissing()))
        {
            // Its role is gone, and with it the way to its tables.
        }
    }

    private static string Refusal(DepartedModule module, OwnershipDetails owner, Replication? replication) =>
        $"{module.Name} is not in this host, and its data is: "
        + (owner.Owner is Owner.Monolith ? $"the monolith owns it (epoch {owner.Epoch}). Put its line back into Program.cs and its reference into the host's project, and move the data first: './shop move create {module.Schema}', and so on to 'complete'."
            : replication is null ? $"the service works on the host's tables, and nobody would migrate them. Put its line back into Program.cs and its reference into the host's project, and move the data first: './shop owner set {module.Name} Monolith', then './shop move create {module.Schema}', and so on to 'complete'."
            : $"its move to the service is not completed, and would stand still. Put its line back into Program.cs and its reference into the host's project, and then './shop move complete {module.Schema}'.");

    /// <summary>The module's database without the module: what every module's has.</summary>
    private sealed class Context(DbContextOptions options, string schema) : ModuleDbContext(options)
    {
        public override string Schema => schema;
    }
}
