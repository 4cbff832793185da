using Microsoft.Extensions.Configuration;
using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>Where the routing says that services are; for any other peer, what <c>Peers:Addresses</c> says.</summary>
internal sealed class RoutedAddresses(RoutingTable table, IConfiguration configuration) : IPeerAddresses
{
    public Uri? Of(string deployable) =>
        table.Newest?.Services.GetValueOrDefault(deployable) is { } service ? service.Destinations[0]
        : Uri.TryCreate(configuration[$"Peers:Addresses:{deployable}"], UriKind.Absolute, out var address) ? address
        : null;
}
