using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.MoveTables;

/// <summary>The two databases of a module, and what there is to know about its tables.</summary>
internal sealed record MovePair(LoadedModule Module, MoveSide Host, MoveSide Service, LoadIndexes Indexes, string Target)
{
    public MovedTables Tables => Host.Tables;

    public MoveSide Of(Owner owner) => owner is Owner.Monolith ? Host : Service;
}

/// <summary>Finds the two databases of a module by the configuration.</summary>
internal sealed class MovePairs(
    IServiceScopeFactory scopes, IOptions<DatabaseOptions> databases, IOptions<MoveTablesOptions> options, IHostEnvironment environment, WriteGates gates, TimeProvider time)
{
    /// <summary>Null where no target is configured for the module.</summary>
    public MovePair? Find(LoadedModule module)
    {
        if (!options.Value.Targets.TryGetValue(module.Name, out var target))
        {
            return null;
        }

        using var scope = scopes.CreateScope();
        var tables = MovedTables.Of((ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType));
        var source = ModuleDatabase.ConnectionStringOf(module.Name, databases.Value.AsMigration(), environment.ContentRootPath);
        var destination = ModuleDatabase.ConnectionStringOf(module.Name, target.AsMigration(), environment.ContentRootPath);
        using var following = OpenTarget(module, target);
        var there = MovedTables.Of(following, tables);
        return new MovePair(
            module,
            new MoveSide(module.Name, Owner.Monolith, Engine.Of(databases.Value.Provider), source, tables, gates, time),
            new MoveSide(module.Name, Owner.Service, Engine.Of(target.Provider), destination, there, gates, time),
            LoadIndexes.Of(following, there),
            Describe(following, target.Provider));
    }

    /// <summary>The module's context on the service's database.</summary>
    public ModuleDbContext OpenTarget(LoadedModule module, DatabaseOptions target)
    {
        var builder = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(module.DbContextType))!;
        builder.UseModuleDatabase(module.Name, target.AsMigration(), environment.ContentRootPath);
        return (ModuleDbContext)Activator.CreateInstance(module.DbContextType, builder.Options)!;
    }

    /// <summary>Where it is, without how to get in.</summary>
    private static string Describe(ModuleDbContext context, DatabaseProvider provider)
    {
        var connection = context.Database.GetDbConnection();
        return provider is DatabaseProvider.Sqlite ? $"{provider} {connection.DataSource}" : $"{provider} {connection.DataSource} {connection.Database}";
    }
}
