using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ModularShop.Modularity.Data;

/// <summary>
/// What <c>dotnet ef</c> makes a module's context with; the provider is the first argument behind <c>--</c>.
/// It never connects.
/// </summary>
public abstract class DesignTimeContextFactory<TContext> : IDesignTimeDbContextFactory<TContext>
    where TContext : ModuleDbContext
{
    public TContext CreateDbContext(string[] args)
    {
        var provider = args.Length > 0 ? Enum.Parse<DatabaseProvider>(args[0]) : DatabaseProvider.Sqlite;
        var options = new DbContextOptionsBuilder<TContext>();
        var module = typeof(TContext).Name.Replace("DbContext", "", StringComparison.Ordinal);
        options.UseModuleDatabase(module, new DatabaseOptions { Provider = provider, ConnectionString = "Server=design-time" }, Path.GetTempPath());
        return (TContext)Activator.CreateInstance(typeof(TContext), options.Options)!;
    }
}
