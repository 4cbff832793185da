using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace ModularShop.Facade;

/// <summary>Decides, per endpoint and per request, which process answers.</summary>
public static class FacadeServices
{
    /// <summary>
    /// In the monolith the routing decides; in a service every endpoint is its own, and what changes data it does not own goes
    /// to the monolith. Call it behind <c>AddPlatform</c>.
    /// </summary>
    public static WebApplicationBuilder AddFacade(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<FacadeOptions>("Facade")
            .Validate(o => o.FallbacksPerSecond is >= 0 and <= 1_000_000, "Facade:FallbacksPerSecond must be 0 to 1000000.")
            .Validate(o => o.OwnerWaitSeconds is >= 0 and <= 30, "Facade:OwnerWaitSeconds must be 0 to 30.")
            .Validate(o => o.Dns.RefreshSeconds is >= 1 and <= 3600, "Facade:Dns:RefreshSeconds must be 1 to 3600.")
            .Validate(o => o.Shadow.QueueLength is >= 1 and <= 100_000, "Facade:Shadow:QueueLength must be 1 to 100000.")
            .Validate(o => o.Shadow.QueueBytes is >= 1024 and <= 1024 * 1024 * 1024, "Facade:Shadow:QueueBytes must be 1024 to 1073741824.")
            .Validate(o => o.Shadow.Concurrency is >= 1 and <= 256, "Facade:Shadow:Concurrency must be 1 to 256.")
            .Validate(o => o.Shadow.LongestBody is >= 1 and <= 16 * 1024 * 1024, "Facade:Shadow:LongestBody must be 1 to 16777216.");
        services.AddSingleton<EndpointInventory>();
        services.AddSingleton<RoutingTable>();
        services.AddSingleton<CanarySelection>();
        services.AddSingleton<MovableModules>();
        services.AddSingleton<RecentWrites>();
        services.AddSingleton<WritesAtTheOwner>();
        services.AddHostedService<ReplicaWarmUp>();
        services.AddSingleton<FallbackBudget>();
        services.AddSingleton<CircuitBreakers<FacadeEndpoint>>();
        services.AddSingleton<ProxyClusters>();
        services.AddSingleton<FacadeMetrics>();
        services.AddSingleton<ShadowQueue>();
        services.AddSingleton<ShadowedEndpoints>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, PlainReads>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, FacadeSelector>());
        // Before the one that writes the answer.
        services.Insert(0, ServiceDescriptor.Singleton<IExceptionHandler, FailuresSayWhoAnswered>());
        services.AddSingleton<ProxyConfiguration>();
        services.AddSingleton<IProxyConfigProvider>(p => p.GetRequiredService<ProxyConfiguration>());
        services.AddSingleton<IConfigChangeListener>(p => p.GetRequiredService<ProxyConfiguration>());
        services.AddSingleton<IPassiveHealthCheckPolicy, RefusesConnections>();
        services.AddReverseProxy().AddTransforms<PeerTransforms>().AddDestinationNames(builder.Configuration);
        services.Replace(ServiceDescriptor.Singleton<IForwarderHttpClientFactory, PeerForwarderClients>());
        if (services.Select(d => d.ImplementationInstance).OfType<Deployable>().Last().Side is Owner.Monolith)
        {
            AddRouting(services);
        }
        else
        {
            services.AddHostedService<ServiceRouting>();
        }

        return builder;
    }

    /// <summary>Maps every module, here or departed, and a twin of each of its endpoints that asks another process.</summary>
    public static void MapFacade(this WebApplication app)
    {
        var inventory = app.Services.GetRequiredService<EndpointInventory>();
        var writes = app.Services.GetRequiredService<WritesAtTheOwner>();
        app.MapModules((group, module) =>
        {
            writes.Guard(group, module);
            inventory.Mark(group, module.Name);
        });
        foreach (var departed in app.Services.GetRequiredService<ModuleRegistry>().Departed)
        {
            app.MapDeparted(departed, inventory);
        }

        inventory.Close(((IEndpointRouteBuilder)app).DataSources);
        app.MapReverseProxy(pipeline =>
        {
            pipeline.UseMiddleware<ProxyStep>();
            pipeline.UseLoadBalancing();
            pipeline.UsePassiveHealthChecks();
        }).ConfigureEndpoints((twin, route) => MakeTwin(twin, inventory.ByName[route.RouteId], inventory));
        if (app.Services.GetRequiredService<Deployable>().Side is Owner.Monolith)
        {
            RoutesEndpoints.Map(app);
            FiguresEndpoints.Map(app);
            RolloutEndpoints.Map(app);
        }
    }

    private static void AddRouting(IServiceCollection services)
    {
        services.AddRoutingStore();
        services.Replace(ServiceDescriptor.Singleton<IPeerAddresses, RoutedAddresses>());
        services.AddHostedService<RoutingWatcher>();
        services.AddSingleton<ShadowClient>();
        services.AddSingleton<SecondAnswer>();
        services.AddHostedService<Shadower>();
        services.AddSingleton<RoutesReport>();
        services.AddSingleton<RouteFigures>();
        services.AddSingleton<RoutingChanges>();
        services.AddSingleton<IReadRouting, ReadRouting>();
        services.AddSingleton<RolloutConductor>();
        services.AddHostedService(p => p.GetRequiredService<RolloutConductor>());
        services.AddSingleton<DestinationRules>();
        services.AddHealthChecks().AddCheck<RoutingHealth>("routing", tags: ["ready"]);
        services.AddExamination<RoutingExamination>();
    }

    /// <summary>
    /// Same template, verbs and order by its route; and the same metadata, so that nobody may do by proxy what they may not
    /// do here. What names and describes an endpoint stays with the one; and so does what keeps its answers: they are kept where
    /// they are made.
    /// </summary>
    private static void MakeTwin(IEndpointConventionBuilder twin, FacadeEndpoint endpoint, EndpointInventory inventory) => twin.Add(builder =>
    {
        foreach (var metadata in inventory.Local[endpoint].Metadata)
        {
            if (metadata is not (LocalEndpoint or IEndpointNameMetadata or IRouteNameMetadata or IHttpMethodMetadata or IOutputCachePolicy or System.Reflection.MethodInfo))
            {
                builder.Metadata.Add(metadata);
            }
        }

        builder.Metadata.Add(new ProxiedEndpoint(endpoint));
        builder.Metadata.Add(new SuppressLinkGenerationMetadata());
        builder.Metadata.Add(new ExcludeFromDescriptionAttribute());
    });
}
