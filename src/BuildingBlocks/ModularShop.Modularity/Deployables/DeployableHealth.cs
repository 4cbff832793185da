using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Deployables;

/// <summary>Says what runs here: which deployable, in which version, on whose data, and who owns that.</summary>
internal sealed class DeployableHealth(Deployable here, Ownerships ownerships, ModuleRegistry modules, IOptions<ServiceOptions> service) : IHealthCheck
{
    private static readonly string Version =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(data: new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = here.Name,
            ["version"] = Version,
            ["data"] = (here.Side is Owner.Monolith ? ServiceData.Own : service.Value.Data).ToString(),
            ["modules"] = modules.Modules.ToDictionary(
                m => m.Name,
                m => ownerships.Of(m.Name) is var ownership ? new { owner = ownership.Owner.ToString(), epoch = ownership.Epoch } : null,
                StringComparer.Ordinal),
        }));
}
