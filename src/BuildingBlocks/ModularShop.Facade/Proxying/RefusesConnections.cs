using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace ModularShop.Facade;

/// <summary>
/// Passive health: a destination that takes no connection is left out for a second, then tried again. One that is
/// slow, or fails requests, is a matter of the endpoint's circuit breaker.
/// </summary>
internal sealed class RefusesConnections(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "RefusesConnections";

    private static readonly TimeSpan LeftOut = TimeSpan.FromSeconds(1);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.GetForwarderErrorFeature()?.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
        {
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, LeftOut);
        }
    }
}
