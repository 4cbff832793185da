using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModularShop.Facade;

/// <summary>A routing that is not valid does no harm, and somebody has to know.</summary>
internal sealed class RoutingHealth(RoutingTable table) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["revision"] = table.Current.Revision.Number };
        var errors = table.Errors;
        if (errors.Count == 0)
        {
            return Task.FromResult(HealthCheckResult.Healthy($"Routing revision {table.Current.Revision.Number} is in effect.", data));
        }

        data["errors"] = errors.Select(e => e.ToString()).ToArray();
        return Task.FromResult(HealthCheckResult.Degraded($"The newest routing is not valid; revision {table.Current.Revision.Number} stays in effect.", data: data));
    }
}
