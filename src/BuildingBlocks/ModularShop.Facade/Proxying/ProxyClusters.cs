using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Model;

namespace ModularShop.Facade;

/// <summary>YARP's view of a request, with the time limit of its route in place of the cluster's.</summary>
internal sealed class ProxyClusters
{
    private readonly ConditionalWeakTable<Route, ClusterModel> _models = [];

    public IReverseProxyFeature WithTimeout(Route route, IReverseProxyFeature proxy)
    {
        var timeout = route.Definition.Timeout;
        return proxy.Cluster.Config.HttpRequest!.ActivityTimeout == timeout ? proxy : new Timed(proxy, _models.GetValue(route, _ =>
            // A route is of one snapshot, as is the cluster's configuration; the connections stay the same.
            new ClusterModel(proxy.Cluster.Config with { HttpRequest = proxy.Cluster.Config.HttpRequest with { ActivityTimeout = timeout } }, proxy.Cluster.HttpClient)));
    }

    /// <summary>Those destinations that are healthy now, the one that an earlier attempt has chosen from among them included.</summary>
    public static IReadOnlyList<DestinationState> Available(IReverseProxyFeature proxy) => proxy.Route.Cluster?.DestinationsState.AvailableDestinations ?? [];

    private sealed class Timed(IReverseProxyFeature inner, ClusterModel cluster) : IReverseProxyFeature
    {
        public RouteModel Route => inner.Route;

        public ClusterModel Cluster => cluster;

        public IReadOnlyList<DestinationState> AllDestinations => inner.AllDestinations;

        public IReadOnlyList<DestinationState> AvailableDestinations
        {
            get => inner.AvailableDestinations;
            set => inner.AvailableDestinations = value;
        }

        public DestinationState? ProxiedDestination
        {
            get => inner.ProxiedDestination;
            set => inner.ProxiedDestination = value;
        }
    }
}
