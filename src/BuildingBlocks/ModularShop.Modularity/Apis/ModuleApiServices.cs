using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Apis;

public static class ModuleApiServices
{
    /// <summary>What the module answers to others; in the process that owns its data by <typeparamref name="TImplementation"/>, elsewhere by asking there.</summary>
    public static ModuleBuilder AddApi<TApi, TImplementation>(this ModuleBuilder module)
        where TApi : class
        where TImplementation : class, TApi
    {
        module.Services.AddScoped<TApi, TImplementation>();
        var api = module.Services.AddModuleApi(typeof(TApi));
        return api.Module == module.Name ? module : throw new InvalidOperationException($"{typeof(TApi).Name} is not the API of {module.Name}: it would be I{module.Name}Api.");
    }

    /// <summary>The module asks another one, wherever that is.</summary>
    public static ModuleBuilder UseApi<TApi>(this ModuleBuilder module)
        where TApi : class
    {
        module.Services.AddUsedApi(typeof(TApi));
        return module;
    }

    /// <summary>Decorates an API whose implementation has been registered.</summary>
    internal static ModuleApi AddModuleApi(this IServiceCollection services, Type type)
    {
        var api = new ModuleApi(type);
        services.AddSingleton(api);
        services.Decorate(type, (implementation, p) => ModuleApiProxy.Of(api, p.GetRequiredService<ModuleApiClient>(), implementation));
        return api;
    }

    internal static void AddUsedApi(this IServiceCollection services, Type type) => services.AddSingleton(new UsedApi(type));

    /// <summary>Behind all modules: those APIs that are used here and answered by another process only.</summary>
    internal static void AddModuleApis(this IServiceCollection services, IEnumerable<DepartedModule> departed)
    {
        services.AddSettings<ApiOptions>("Apis")
            .Validate(o => o.TimeoutSeconds is >= 0.05 and <= 60, "Apis:TimeoutSeconds must be 0.05 to 60.")
            .Validate(o => o.StaleAnswers is >= 0 and <= 1_000_000, "Apis:StaleAnswers must be 0 to 1000000.");
        services.AddSingleton<ModuleApis>();
        services.AddSingleton<ModuleApiClient>();
        services.AddSingleton<StaleAnswers>();
        services.AddSingleton<CircuitBreakers<string>>();
        foreach (var type in departed.Select(m => m.Api).OfType<Type>())
        {
            var api = new ModuleApi(type);
            services.AddSingleton(api);
            services.AddScoped(type, p => ModuleApiProxy.Of(api, p.GetRequiredService<ModuleApiClient>(), implementation: null));
        }

        foreach (var type in services.Select(s => s.ImplementationInstance).OfType<UsedApi>().Select(u => u.Type).Distinct().ToList())
        {
            var api = new ModuleApi(type);
            services.TryAddScoped(type, p => ModuleApiProxy.Of(api, p.GetRequiredService<ModuleApiClient>(), implementation: null));
        }
    }

    private sealed record UsedApi(Type Type);
}
