using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Modularity.Deployables;

internal static class OwnershipServices
{
    /// <summary>A process that says nothing else is the monolith.</summary>
    public static void AddOwnership(this IServiceCollection services)
    {
        services.TryAddSingleton(new Deployable(Deployable.Monolith));
        services.TryAddSingleton<Ownerships>();
        services.AddSettings<ReplicaOptions>("Replicas")
            .Validate(o => o.MaxLagSeconds is >= 1 and <= 3600, "Replicas:MaxLagSeconds must be 1 to 3600.");
        services.AddSingleton<Replicas>();
        services.AddSingleton<OwnershipStore>();
        services.AddSingleton<WriteTraffic>();
        services.AddHostedService<OwnershipWatch>();
    }
}
