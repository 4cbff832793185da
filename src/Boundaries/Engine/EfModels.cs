using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using ModularShop.Modularity.Data;

namespace ModularShop.Boundaries.Engine;

/// <summary>A context's model as one provider has it; null, and why, where it cannot be built.</summary>
internal sealed record EfModel(Type Context, DatabaseProvider Provider, string Schema, IModel? Model, string? Refusal)
{
    public string Where => Context.FullName!;
}

/// <summary>The EF models of the modules' contexts, for every provider, built without connecting.</summary>
internal static class EfModels
{
    private static readonly ConcurrentDictionary<(Type Context, DatabaseProvider Provider), Lazy<EfModel>> Built = [];

    public static IEnumerable<EfModel> Of(Module module) => module.Loaded.GetTypes()
        .Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(ModuleDbContext)))
        .SelectMany(context => Enum.GetValues<DatabaseProvider>().Select(provider =>
            Built.GetOrAdd((context, provider), key => new Lazy<EfModel>(() => Build(module, key.Context, key.Provider))).Value));

    /// <summary>What is broken on all providers is said once; what is not says where.</summary>
    public static IReadOnlyList<Violation> Merge(IEnumerable<(DatabaseProvider Provider, Violation Violation)> found) =>
    [
        .. found.GroupBy(f => f.Violation, f => f.Provider).Select(g => g.Distinct().Count() == Enum.GetValues<DatabaseProvider>().Length
            ? g.Key
            : g.Key with { What = $"{g.Key.What.TrimEnd('.')} on {string.Join(" and ", g.Distinct())}." }),
    ];

    /// <summary>The names of the module's tables, in lower case.</summary>
    public static IReadOnlySet<string> TablesOf(Module module) => Of(module)
        .SelectMany(m => m.Model?.GetEntityTypes() ?? [])
        .Select(e => e.GetTableName()?.ToLowerInvariant())
        .OfType<string>()
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>The properties of the entity, those of its complex types included.</summary>
    public static IEnumerable<IProperty> AllProperties(this ITypeBase type) =>
        type.GetProperties().Concat(type.GetComplexProperties().SelectMany(c => c.ComplexType.AllProperties()));

    private static EfModel Build(Module module, Type type, DatabaseProvider provider)
    {
        var schema = module.Schema;
        try
        {
            var builder = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
            builder.UseModuleDatabase(module.Name, new DatabaseOptions { Provider = provider, ConnectionString = "Server=never-connected" }, Path.GetTempPath());
            using var context = (ModuleDbContext)Activator.CreateInstance(
                type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, binder: null, [builder.Options], culture: null)!;
            schema = context.Schema;
            return new EfModel(type, provider, schema, context.GetService<IDesignTimeModel>().Model, null);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or ArgumentException or MissingMethodException or TargetInvocationException)
        {
            return new EfModel(type, provider, schema, null, e.GetBaseException().Message);
        }
    }
}
