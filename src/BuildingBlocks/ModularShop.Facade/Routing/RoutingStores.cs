using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Facade;

/// <summary>The store that <c>Facade:Store</c> asks for.</summary>
internal static class RoutingStores
{
    public static void AddRoutingStore(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FacadeOptions>, StoreRules>();
        services.AddSingleton<IRoutingStore>(p =>
        {
            var (options, root) = (p.GetRequiredService<IOptions<FacadeOptions>>().Value, p.GetRequiredService<IHostEnvironment>().ContentRootPath);
            var file = Path.GetFullPath(options.RoutingFile, root);
            if (options.Store is RoutingStoreKind.Database)
            {
                return new DatabaseRoutingStore(
                    p.GetRequiredService<ModuleRegistry>()[options.StoreIn!], file, p.GetRequiredService<IServiceScopeFactory>(), p.GetRequiredService<ILogger<DatabaseRoutingStore>>());
            }

            var history = options.HistoryFile ?? Path.Combine(p.GetRequiredService<IOptions<DatabaseOptions>>().Value.DataFolder, "routing-history.jsonl");
            return new FileRoutingStore(file, new RoutingHistory(Path.GetFullPath(history, root)), p.GetRequiredService<RoutingTable>());
        });
    }

    private sealed class StoreRules(ModuleRegistry modules) : IValidateOptions<FacadeOptions>
    {
        public ValidateOptionsResult Validate(string? name, FacadeOptions options) =>
            options.Store is not RoutingStoreKind.Database || (options.StoreIn is { } module && modules.Find(module) is not null)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Facade:StoreIn is '{options.StoreIn}'; with Facade:Store Database it must name the module in whose database the routing is kept: one of {string.Join(", ", modules.Modules.Select(m => m.Name))}.");
    }
}
