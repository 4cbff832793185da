using Microsoft.Extensions.Hosting;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>A service's routing, which never changes: what reaches it is for it, and behind it is the monolith.</summary>
internal sealed class ServiceRouting(EndpointInventory inventory, RoutingTable table, ProxyConfiguration proxy, IPeerAddresses addresses, TimeProvider time) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var monolith = new ServiceDefinition(Deployable.Monolith, addresses.Of(Deployable.Monolith) is { } address ? [address] : [], "FirstAlphabetical");
        var definition = new RoutingDefinition(
            new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal) { [monolith.Name] = monolith },
            inventory.Endpoints.ToDictionary(e => e.Name, _ => RouteDefinition.AtMonolith with { Mode = Mode.Service }, StringComparer.Ordinal),
            ShadowRules.Default);
        var snapshot = new RoutingSnapshot(new RoutingRevision(0, "", time.GetUtcNow(), "service", "A service answers what reaches it."), definition, inventory, time);
        await proxy.UpdateAsync(snapshot);
        table.Exchange(snapshot);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
