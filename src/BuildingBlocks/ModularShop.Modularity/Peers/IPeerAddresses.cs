using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace ModularShop.Modularity.Peers;

/// <summary>Where deployables listen for their peers.</summary>
public interface IPeerAddresses
{
    /// <summary>Null where nobody has said.</summary>
    Uri? Of(string deployable);
}

/// <summary>As <c>Peers:Addresses</c> has them.</summary>
internal sealed class ConfiguredAddresses(IOptions<PeerOptions> options) : IPeerAddresses
{
    private readonly FrozenDictionary<string, Uri> _addresses = options.Value.Addresses.ToFrozenDictionary(a => a.Key, a => new Uri(a.Value), StringComparer.OrdinalIgnoreCase);

    public Uri? Of(string deployable) => _addresses.GetValueOrDefault(deployable);
}
