using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ModularShop.Modularity.Data;

/// <summary>
/// The migrations of one provider: those in a namespace that ends in its name. One context and one assembly
/// can so carry <c>Migrations/Sqlite</c>, <c>Migrations/SqlServer</c> and <c>Migrations/PostgreSql</c>.
/// </summary>
internal sealed class ProviderMigrations : IMigrationsAssembly
{
    public ProviderMigrations(ICurrentDbContext current)
    {
        var context = (ModuleDbContext)current.Context;
        Assembly = context.GetType().Assembly;
        var own = Assembly.GetTypes()
            .Where(t => !t.IsAbstract
                && t.Namespace?.EndsWith($".Migrations.{context.Provider}", StringComparison.Ordinal) == true
                && t.GetCustomAttribute<DbContextAttribute>()?.ContextType == context.GetType())
            .ToList();
        Migrations = own.Where(t => t.IsSubclassOf(typeof(Migration)))
            .OrderBy(t => t.GetCustomAttribute<MigrationAttribute>()!.Id, StringComparer.Ordinal)
            .ToDictionary(t => t.GetCustomAttribute<MigrationAttribute>()!.Id, t => t.GetTypeInfo(), StringComparer.Ordinal);
        ModelSnapshot = own.Where(t => t.IsSubclassOf(typeof(ModelSnapshot)))
            .Select(t => (ModelSnapshot)Activator.CreateInstance(t)!)
            .SingleOrDefault();
    }

    public IReadOnlyDictionary<string, TypeInfo> Migrations { get; }

    public ModelSnapshot? ModelSnapshot { get; }

    public Assembly Assembly { get; }

    public string? FindMigrationId(string nameOrId) => Migrations.Keys.FirstOrDefault(id =>
        string.Equals(id, nameOrId, StringComparison.OrdinalIgnoreCase)
        || id.EndsWith("_" + nameOrId, StringComparison.OrdinalIgnoreCase));

    public Migration CreateMigration(TypeInfo migrationClass, string activeProvider)
    {
        var migration = (Migration)Activator.CreateInstance(migrationClass.AsType())!;
        migration.ActiveProvider = activeProvider;
        return migration;
    }
}
