using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Security;

namespace ModularShop.Modularity.Deployables;

/// <summary>The modules that have left this host, and what their services say of themselves.</summary>
public sealed class DepartedModules(ModuleRegistry modules, Ownerships ownerships, ILogger<DepartedModules> logger)
{
    private readonly ConcurrentDictionary<string, Ownership> _told = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<DepartedModule> All => modules.Departed;

    public IEnumerable<OwnershipDetails> Owners => All.Select(m => new OwnershipDetails(
        m.Name, Owner.Service, ownerships.Of(m.Name).Epoch, Fenced: false, null, null, "Its code and its data have left this host."));

    /// <summary>What the module's service says of the owner of its data; false where the module has not left.</summary>
    internal bool Hear(string module, Ownership told)
    {
        if (modules.FindDeparted(module) is not { } departed)
        {
            return false;
        }

        var before = _told.GetValueOrDefault(departed.Name);
        _told[departed.Name] = told;
        if (told.Owner is Owner.Monolith && before?.Owner is not Owner.Monolith)
        {
            DeployablesLog.DepartedTooEarly(logger, departed.Name, told.Epoch);
        }

        return true;
    }

    /// <summary>What keeps a module that has left from being answered; null where nothing is known to.</summary>
    internal string? ProblemOf(DepartedModule module, IPeerAddresses? addresses) =>
        addresses?.Of(module.Name) is null ? $"{module.Name} has left this host, and nobody has said where its service is: Facade:Services:{module.Name} in the routing file."
        : _told.GetValueOrDefault(module.Name) is { Owner: Owner.Monolith } told ? $"{module.Name} has left this host, and its service does not own the data (epoch {told.Epoch}): nobody writes it."
        : null;
}

internal static class DepartedServices
{
    /// <summary>What a module has provided to all of this host, and its service provides from now on.</summary>
    public static void AddDepartedModules(this IServiceCollection services, IReadOnlyList<DepartedModule> departed)
    {
        services.AddSingleton<DepartedModules>();
        if (departed.Count == 0)
        {
            return;
        }

        var health = services.AddHealthChecks().AddCheck<DepartedHealth>("departed modules", tags: ["ready"]);
        if (departed.Any(PublishedTokenKeys.IsPublisher))
        {
            services.AddPublishedTokenKeys(health);
        }
    }
}

/// <summary>Ready with or without them: what they do not answer is refused, and the rest of the shop sells on.</summary>
internal sealed class DepartedHealth(DepartedModules departed, IServiceProvider services) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        departed.All.Select(m => departed.ProblemOf(m, services.GetService<IPeerAddresses>())).OfType<string>().ToList() is { Count: > 0 } problems
            ? HealthCheckResult.Degraded(string.Join(' ', problems))
            : HealthCheckResult.Healthy($"In their services alone: {string.Join(", ", departed.All.Select(m => m.Name))}."));
}
