using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Facade;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Route = ModularShop.Facade.Route;

namespace Modules.Tests.Facade;

/// <summary>What becomes of a request whose other side does not answer as it should.</summary>
public sealed class ProxyStepTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly EndpointInventory _inventory = new();
    private readonly FallbackBudget _budget = new(Options.Create(new FacadeOptions()));
    private readonly FacadeMetrics _metrics = new();
    private readonly FacadeEndpoint _get = new(0, "Catalog.Get", "Catalog", "/catalog/{sku}", ["GET"]);
    private readonly Ownerships _ownerships = new(new Deployable(Deployable.Monolith));
    private readonly Replicas _replicas;
    private readonly Log _log = new();
    private int _answeredHere;

    public ProxyStepTests()
    {
        var local = new RouteEndpoint(
            _ =>
            {
                Interlocked.Increment(ref _answeredHere);
                return Task.CompletedTask;
            },
            RoutePatternFactory.Parse(_get.Template), order: 0, new EndpointMetadataCollection(new LocalEndpoint(_get)), _get.Name);
        _inventory.Close([new DefaultEndpointDataSource(local)]);
        _replicas = new Replicas(_ownerships, new Deployable(Deployable.Monolith), Options.Create(new ServiceOptions()), Options.Create(new ReplicaOptions()), _clock);
    }

    public void Dispose()
    {
        _budget.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Whoever_answers_in_place_of_what_was_thrown_answers_the_client()
    {
        var http = Request();
        var client = http.Features.Get<IHttpResponseBodyFeature>();
        await Should.ThrowAsync<NotSupportedException>(() => Step(_ => throw new NotSupportedException("a bug")).InvokeAsync(http));
        http.Features.Get<IHttpResponseBodyFeature>().ShouldBeSameAs(client);
    }

    [Theory]
    [InlineData(StaleData.BeforeWrite)]
    [InlineData(StaleData.Behind)]
    public async Task Reads_that_neither_side_may_answer_yet_wait_until_this_process_hears_that_the_data_is_its_own(string stale)
    {
        var written = _clock.GetUtcNow();
        _replicas.Learn("Catalog", new Replication(ReplicationState.Running, written.AddSeconds(-1), Reason: null), new Reading(Epoch: 2, Began: 1, Ended: 1));
        _ownerships.Learn("Catalog", new Ownership(Owner.Service, 2));
        var step = Step(http =>
        {
            http.Features.GetRequiredFeature<ProxiedCall>().Stale = stale;
            return Task.CompletedTask;
        });
        var waiting = Enumerable.Range(0, 20).Select(_ => step.InvokeAsync(Request(written))).ToList();
        waiting.ShouldAllBe(w => !w.IsCompleted);
        _answeredHere.ShouldBe(0);

        _ownerships.Learn("Catalog", new Ownership(Owner.Monolith, 3));
        await Task.WhenAll(waiting);
        _answeredHere.ShouldBe(20);
    }

    [Theory]
    [InlineData(StaleData.BeforeWrite)]
    [InlineData(StaleData.Behind)]
    public async Task A_read_that_was_refused_by_whoever_followed_is_sent_again_when_that_has_become_the_owner(string stale)
    {
        var written = _clock.GetUtcNow();
        var sent = new List<ProxiedCall>();
        var http = Request(written);
        await Step(request =>
        {
            sent.Add(request.Features.GetRequiredFeature<ProxiedCall>());
            if (sent.Count == 1)
            {
                // On its way to here the refusal is overtaken by the switch.
                sent[0].Stale = stale;
                _replicas.Learn("Catalog", new Replication(ReplicationState.Running, written.AddSeconds(-1), Reason: null), new Reading(Epoch: 2, Began: 1, Ended: 1));
                _ownerships.Learn("Catalog", new Ownership(Owner.Service, 2));
            }

            return Task.CompletedTask;
        }).InvokeAsync(http);
        (sent.Count, http.Response.StatusCode, _answeredHere).ShouldBe((2, 200, 0));
        (sent[1].Ownership.Epoch, sent[1].Since, sent[1].Stale).ShouldBe((2, written, null));
    }

    [Fact]
    public async Task A_read_for_which_neither_side_has_data_is_refused_and_the_log_says_what_either_had()
    {
        var written = _clock.GetUtcNow();
        _replicas.Learn("Catalog", new Replication(ReplicationState.Running, written.AddSeconds(-1), Reason: null), new Reading(Epoch: 2, Began: 1, Ended: 1));
        _ownerships.Learn("Catalog", new Ownership(Owner.Service, 2));
        var (http, refused) = (Request(written), new Refused());
        http.Features.Set<IFailurePage>(refused);
        await Step(request =>
        {
            request.Features.GetRequiredFeature<ProxiedCall>().Stale = StaleData.Behind;
            return Task.CompletedTask;
        }).InvokeAsync(http);
        (refused.Error?.Status, refused.Error?.Code, _answeredHere).ShouldBe((503, "facade.unavailable", 0));
        refused.Error!.Detail.ShouldContain("up-to-date data of Catalog");
        _log.Said.ShouldHaveSingleItem().ShouldMatch("Of the service: behind; the data here: Replica, [0-9:.]+ behind; the owner: Service in epoch 2");
    }

    private ProxyStep Step(RequestDelegate next) => new(
        next, _inventory, _ownerships, new WriteTraffic(store: null!), _replicas, new Deployable(Deployable.Monolith), _budget, new CircuitBreakers<FacadeEndpoint>(_clock), new ProxyClusters(), Options.Create(new FacadeOptions()), _metrics,
        _clock, _log);

    private DefaultHttpContext Request(DateTimeOffset? since = null)
    {
        var route = new Route(_get, RouteDefinition.AtMonolith with { Mode = Mode.Service }, revision: 1, shadow: null, rollout: null);
        var http = new DefaultHttpContext();
        http.Features.Set<IReverseProxyFeature>(new Proxy());
        http.Features.Set(new ProxiedCall(route, _ownerships.Of("Catalog"), "catalog-service") { Since = since });
        return http;
    }

    private sealed class Log : ILogger<ProxyStep>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Add(formatter(state, exception));
    }

    private sealed class Refused : IFailurePage
    {
        public Error? Error { get; private set; }

        public Task ShowAsync(HttpContext http, Error error)
        {
            Error = error;
            return Task.CompletedTask;
        }
    }

    private sealed class Proxy : IReverseProxyFeature
    {
        public RouteModel Route { get; } = new(new RouteConfig(), cluster: null, HttpTransformer.Default);

        public ClusterModel Cluster { get; } = new(new ClusterConfig { HttpRequest = new ForwarderRequestConfig() }, new HttpMessageInvoker(new SocketsHttpHandler()));

        public IReadOnlyList<DestinationState> AllDestinations => [];

        public IReadOnlyList<DestinationState> AvailableDestinations { get; set; } = [];

        public DestinationState? ProxiedDestination { get; set; }
    }
}
