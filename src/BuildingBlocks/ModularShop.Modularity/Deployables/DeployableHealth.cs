using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Deployables;

/// <summary>Says what runs here: which deployable, in which version, on whose data, who owns that, and how far it follows.</summary>
internal sealed class DeployableHealth(Deployable here, Ownerships ownerships, Replicas replicas, ModuleRegistry modules) : IHealthCheck
{
    private static readonly string Version =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = here.Name,
            ["version"] = Version,
            ["modules"] = modules.Modules.Select(m => m.Name).Concat(modules.Departed.Select(m => m.Name)).ToDictionary(m => m, Of, StringComparer.Ordinal),
        };
        if (here.Side is Owner.Service)
        {
            data["data"] = replicas.PlaceOf(here.Name).ToString();
        }

        return Task.FromResult(HealthCheckResult.Healthy(data: data));
    }

    private object Of(string module)
    {
        var (ownership, replication) = (ownerships.Of(module), replicas.Of(module));
        return new
        {
            owner = ownership.Owner.ToString(),
            epoch = ownership.Epoch,
            fenced = ownership.IsFenced,
            data = replicas.PlaceOf(module).ToString(),
            replication = replication is null ? null : new { state = replication.State.ToString(), lagMilliseconds = (long?)replicas.LagOf(module)?.TotalMilliseconds, replication.Reason },
        };
    }
}
