using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Security;

namespace ModularShop.Messaging;

/// <summary>The scheduler that the product is built with: Hangfire.</summary>
public static class JobScheduling
{
    /// <summary>Hangfire's dashboard, for operators.</summary>
    public static void MapJobs(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapHangfireDashboardWithAuthorizationPolicy(Access.Operator, "/jobs", new DashboardOptions { AppPath = "/", DashboardTitle = "ModularShop jobs" });

    /// <summary>Once for the process.</summary>
    internal static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<HangfireStorage>();
        services.AddSingleton<IModuleTables, HangfireTables>();
        services.AddSingleton<JobStorage>(p => p.GetRequiredService<HangfireStorage>().Open());
        services.AddSingleton<HangfireRuns>();
        services.AddScoped<HangfireJob>();
        services.AddHangfire((p, hangfire) => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseStorage(p.GetRequiredService<JobStorage>()));
    }

    /// <summary>The schedule of one module.</summary>
    internal static IJobSchedule Create(IServiceProvider services, LoadedModule module) => ActivatorUtilities.CreateInstance<HangfireSchedule>(services, module);
}
