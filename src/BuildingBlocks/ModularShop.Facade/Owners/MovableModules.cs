using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>The modules that another process could own. What is done for the case that it does costs the others nothing.</summary>
internal sealed class MovableModules(IPeerAddresses peers, Deployable here)
{
    public bool Has(string module) => here.Side is Owner.Service || peers.Of(module) is not null;
}
