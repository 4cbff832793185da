using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using ModularShop.Modularity.Deployables;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace ModularShop.Facade;

/// <summary>
/// What YARP knows: a route for every endpoint, which never changes, and a cluster for every process that may answer,
/// whose destinations do.
/// </summary>
internal sealed class ProxyConfiguration(EndpointInventory inventory, Deployable here) : IProxyConfigProvider, IConfigChangeListener
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    /// <summary>By the list of routes: of a configuration whose names YARP has resolved it is what is left of ours.</summary>
    private readonly ConcurrentDictionary<IReadOnlyList<RouteConfig>, TaskCompletionSource> _applied = new(ReferenceEqualityComparer.Instance);

    private IReadOnlyList<RouteConfig>? _routes;
    private volatile Config _config = null!;

    public IProxyConfig GetConfig() => _config ??= new Config(Routes(), Clusters(null));

    /// <summary>Returns when requests go by it.</summary>
    public async Task UpdateAsync(RoutingSnapshot snapshot)
    {
        var (before, next) = (_config, new Config(Routes(), Clusters(snapshot)));
        // Before anybody can find it: addresses that change make YARP look too.
        var applied = _applied.GetOrAdd(next.Routes, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _config = next;
        if (before is not null)
        {
            before.Signal();
            await applied.Task;
        }
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => End(proxyConfigs, static applied => applied.TrySetResult());

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        End(proxyConfigs, applied => applied.TrySetException(exception));

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Applying is what counts.
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
        // GetConfig does not fail.
    }

    private void End(IReadOnlyList<IProxyConfig> configs, Action<TaskCompletionSource> end)
    {
        foreach (var config in configs)
        {
            if (_applied.TryRemove(config.Routes, out var applied))
            {
                end(applied);
            }
        }
    }

    private IReadOnlyList<RouteConfig> Routes() => _routes ??= [.. inventory.Endpoints.Select(e => new RouteConfig
    {
        RouteId = e.Name,
        ClusterId = ClusterOf(e.Module),
        Match = new RouteMatch { Path = e.Template, Methods = e.Methods },
        Order = 0,
    })];

    private List<ClusterConfig> Clusters(RoutingSnapshot? snapshot) => [.. inventory.Endpoints.Select(e => ClusterOf(e.Module)).Distinct(StringComparer.Ordinal).Select(name =>
    {
        var service = snapshot?.Services.GetValueOrDefault(name);
        var destinations = service?.Destinations ?? [];
        return new ClusterConfig
        {
            ClusterId = name,
            LoadBalancingPolicy = service?.LoadBalancing,
            Destinations = destinations.ToDictionary(d => d.ToString(), d => new DestinationConfig { Address = d.ToString() }, StringComparer.OrdinalIgnoreCase),
            HttpRequest = RequestTo(destinations, RouteDefinition.DefaultTimeout),
            HealthCheck = new HealthCheckConfig
            {
                AvailableDestinationsPolicy = "HealthyAndUnknown",
                // Also while nobody is sent there: it is known beforehand whether it answers, and the first endpoint that goes
                // there changes no cluster, after which YARP would make the tables of addresses anew. A service asks nobody:
                // what a monolith that is not ready as a whole says of one module is better than nothing.
                Active = new ActiveHealthCheckConfig { Enabled = here.Side is Owner.Monolith && destinations.Count > 0, Interval = ProbeEvery, Timeout = TimeSpan.FromSeconds(2), Policy = "ConsecutiveFailures", Path = "/health/ready" },
                Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = RefusesConnections.PolicyName },
            },
        };
    })];

    /// <summary>The process that answers when this one does not.</summary>
    private string ClusterOf(string module) => Deployable.Of(module, here.Side is Owner.Monolith ? Owner.Service : Owner.Monolith);

    /// <summary>HTTP/2: agreed upon by TLS, and known beforehand in clear text, where a version below cannot be told from it.</summary>
    public static ForwarderRequestConfig RequestTo(IEnumerable<Uri> destinations, TimeSpan timeout) => new()
    {
        ActivityTimeout = timeout,
        Version = new Version(2, 0),
        VersionPolicy = destinations.All(d => d.Scheme == Uri.UriSchemeHttps) ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
    };

    private sealed class Config : IProxyConfig
    {
        private readonly CancellationTokenSource _changed = new();

        public Config(IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters)
        {
            // The same routes in a list of its own.
            (Routes, Clusters) = ([.. routes], clusters);
            ChangeToken = new CancellationChangeToken(_changed.Token);
        }

        public IReadOnlyList<RouteConfig> Routes { get; }

        public IReadOnlyList<ClusterConfig> Clusters { get; }

        public IChangeToken ChangeToken { get; }

        public void Signal() => _changed.Cancel();
    }
}
