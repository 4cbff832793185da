using ModularShop.Modularity.Peers;
using Yarp.ReverseProxy.Forwarder;

namespace ModularShop.Facade;

/// <summary>YARP's connections to other processes, each side showing its certificate.</summary>
internal sealed class PeerForwarderClients(PeerClients peers) : IForwarderHttpClientFactory
{
    /// <remarks>A cluster bears the name of the process it stands for. A change of its destinations keeps its connections.</remarks>
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) =>
        context.OldClient ?? peers.CreateInvoker(context.ClusterId);
}
