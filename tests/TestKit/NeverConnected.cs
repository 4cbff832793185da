using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using ModularShop.Modularity.Data;

namespace ModularShop.TestKit;

/// <summary>Contexts of any module on any engine, for what they know without a database: model, migrations, translation.</summary>
public static class NeverConnected
{
    private static readonly ConcurrentDictionary<(Type Context, DatabaseProvider Engine), DbContextOptions> Options = new();

    public static ModuleDbContext Context(Type type, DatabaseProvider engine) => Make(type, Options.GetOrAdd((type, engine), static key => Builder(key.Context, key.Engine).Options));

    /// <summary>With options of its own.</summary>
    public static ModuleDbContext Context(Type type, DatabaseProvider engine, Action<DbContextOptionsBuilder> configure)
    {
        var builder = Builder(type, engine);
        configure(builder);
        return Make(type, builder.Options);
    }

    private static DbContextOptionsBuilder Builder(Type type, DatabaseProvider engine)
    {
        var builder = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
        builder.UseModuleDatabase(ModuleOf(type), new DatabaseOptions { Provider = engine, ConnectionString = "Server=never-connected" }, Path.GetTempPath());
        return builder;
    }

    internal static string ModuleOf(Type context) => context.Name.Replace("DbContext", "", StringComparison.Ordinal);

    private static ModuleDbContext Make(Type type, DbContextOptions options) =>
        (ModuleDbContext)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [options], null)!;
}
