using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;
using ModularShop.Facade;
using ModularShop.Modularity.Deployables;

namespace Modules.Tests.Facade;

public sealed class PlainReadsTests
{
    private const int Here = 0;
    private const int There = 1;
    private const int Either = 2;

    private readonly TestClock _clock = new();
    private readonly EndpointInventory _inventory = new();
    private readonly RoutingTable _table = new();
    private readonly FacadeEndpoint _get = new(0, "Catalog.Get", "Catalog", "/catalog/{sku}", ["GET"]);
    private readonly Ownerships _ownerships;
    private readonly Replicas _replicas;
    private readonly RecentWrites _recent;
    private readonly PlainReads _reads;

    public PlainReadsTests()
    {
        var here = new Deployable(Deployable.Monolith);
        _inventory.Close([new DefaultEndpointDataSource(Local(_get))]);
        _ownerships = new Ownerships(here);
        _replicas = new Replicas(_ownerships, here, Options.Create(new ServiceOptions()), Options.Create(new ReplicaOptions()), _clock);
        _recent = new RecentWrites(_ownerships, _replicas, _table, _clock);
        _reads = new PlainReads(_table, _ownerships, _replicas, _recent, here);
    }

    [Theory]
    [InlineData(Mode.Monolith, Here)]
    [InlineData(Mode.Service, There)]
    [InlineData(Mode.Canary, Either)]
    [InlineData(Mode.Shadow, Either)]
    public void Where_only_the_routing_matters_there_is_nothing_to_select(Mode mode, int expected)
    {
        var http = new DefaultHttpContext();
        Take(mode, http).ShouldBe(expected);
        (http.Features.Get<ProxiedCall>() is not null).ShouldBe(expected is There);
        http.Response.Headers["X-Answered-By"].ToString().ShouldBe(expected switch
        {
            Here => "monolith; revision=7; owner=monolith",
            There => "catalog-service; revision=7; owner=monolith",
            _ => "",
        });
    }

    [Theory]
    [InlineData(RolloutState.Running, Either)]
    [InlineData(RolloutState.Paused, Either)]
    [InlineData(RolloutState.Done, There)]
    public void What_counts_for_a_rollout_is_seen_by_the_selector(RolloutState state, int expected) =>
        Take(RouteDefinition.AtMonolith with { Mode = Mode.Service, Rollout = RolloutPlan.Default with { State = state } }, new DefaultHttpContext()).ShouldBe(expected);

    [Theory]
    [InlineData("X-Shop-Epoch", "1", Either)]
    [InlineData("Cookie", "a=b; shop-written=shipping.1.2", Either)]
    [InlineData("Cookie", "Shop-Written=catalog.1.2", Either)]
    [InlineData("Cookie", "shop-visitor=ann", Here)]
    [InlineData("X-Canary", "service", Here)]
    public void What_a_peer_or_another_host_has_said_is_for_the_selector(string header, string value, int expected)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[header] = value;
        Take(Mode.Monolith, http).ShouldBe(expected);
    }

    [Fact]
    public async Task While_somebody_has_just_written_of_the_module_the_selector_looks_who_asks_of_a_service()
    {
        Take(Mode.Service, new DefaultHttpContext()).ShouldBe(There);
        await WriteAsync("Shipping");
        Take(Mode.Service, new DefaultHttpContext()).ShouldBe(There);
        await WriteAsync("Catalog");
        Take(Mode.Service, new DefaultHttpContext()).ShouldBe(Either);
        _clock.Advance(_replicas.MaxLag + (2 * Clocks.Skew));
        Take(Mode.Service, new DefaultHttpContext()).ShouldBe(There);
    }

    [Fact]
    public async Task Data_that_is_written_here_has_what_was_written_here_whoever_asks()
    {
        Take(Mode.Monolith, new DefaultHttpContext()).ShouldBe(Here);
        await WriteAsync("Catalog");
        Take(Mode.Monolith, new DefaultHttpContext()).ShouldBe(Here);
        var told = new DefaultHttpContext();
        told.Request.Headers.Cookie = "shop-written=catalog.7.1";
        Take(Mode.Monolith, told).ShouldBe(Either, "another host may know of another owner");
        _ownerships.Learn("Catalog", new Ownership(Owner.Service, 2));
        Take(Mode.Monolith, new DefaultHttpContext()).ShouldBe(Here, "both sides share it");
    }

    [Theory]
    [InlineData(ReplicationState.Running)]
    [InlineData(ReplicationState.Stopped)]
    [InlineData(ReplicationState.Retired)]
    public void Data_that_may_not_be_that_of_now_is_judged_by_the_selector(ReplicationState state)
    {
        _replicas.Learn("Catalog", new Replication(state, _clock.GetUtcNow(), Reason: null), new Reading(Epoch: 2, Began: 1, Ended: 1));
        _ownerships.Learn("Catalog", new Ownership(Owner.Service, 2));
        Take(Mode.Monolith, new DefaultHttpContext()).ShouldBe(Either);
        Take(Mode.Service, new DefaultHttpContext()).ShouldBe(There);
    }

    [Fact]
    public void Data_that_both_sides_share_is_read_by_either()
    {
        _ownerships.Learn("Catalog", new Ownership(Owner.Service, 2));
        Take(Mode.Monolith, new DefaultHttpContext()).ShouldBe(Here);
    }

    [Fact]
    public void Writes_and_addresses_that_may_turn_out_to_be_another_s_are_left_to_the_selector()
    {
        _reads.AppliesToEndpoints([Local(_get), Twin(_get)]).ShouldBeTrue();
        _reads.AppliesToEndpoints([Twin(_get), Local(_get)]).ShouldBeTrue();
        foreach (var other in new[]
        {
            new FacadeEndpoint(1, "Catalog.Put", "Catalog", "/catalog/{sku}", ["PUT"]),
            new FacadeEndpoint(1, "Catalog.Any", "Catalog", "/catalog/{sku}", ["GET", "POST"]),
            new FacadeEndpoint(1, "Catalog.ById", "Catalog", "/catalog/{id:guid}", ["GET"]),
            new FacadeEndpoint(1, "Catalog.File", "Catalog", "/catalog/{name}.json", ["GET"]),
        })
        {
            _reads.AppliesToEndpoints([Local(other), Twin(other)]).ShouldBeFalse(other.Name);
        }

        var mine = new FacadeEndpoint(1, "Catalog.Mine", "Catalog", "/catalog/mine", ["GET"]);
        _reads.AppliesToEndpoints([Local(_get), Twin(_get), Local(mine), Twin(mine)]).ShouldBeFalse();
        _reads.AppliesToEndpoints([Local(_get), Twin(mine)]).ShouldBeFalse();
        _reads.AppliesToEndpoints([Local(_get)]).ShouldBeFalse();
        new PlainReads(_table, _ownerships, _replicas, _recent, new Deployable("Catalog")).AppliesToEndpoints([Local(_get), Twin(_get)]).ShouldBeFalse("a service says what its data is");
    }

    private int Take(Mode mode, HttpContext http) => Take(RouteDefinition.AtMonolith with { Mode = mode, Percent = 100 }, http);

    private int Take(RouteDefinition route, HttpContext http)
    {
        var definition = new RoutingDefinition(
            new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal), new Dictionary<string, RouteDefinition>(StringComparer.Ordinal) { [_get.Name] = route }, ShadowRules.Default);
        _table.Exchange(new RoutingSnapshot(new RoutingRevision(7, "", _clock.GetUtcNow(), "test", ""), definition, _inventory, _clock));
        var edges = _reads.GetEdges([Local(_get), Twin(_get)]);
        edges[Here].Endpoints.ShouldHaveSingleItem().Metadata.GetMetadata<LocalEndpoint>().ShouldNotBeNull();
        edges[There].Endpoints.ShouldHaveSingleItem().Metadata.GetMetadata<ProxiedEndpoint>().ShouldNotBeNull();
        edges[Either].Endpoints.Count.ShouldBe(2);
        return _reads.BuildJumpTable(-1, [.. edges.Select((e, i) => new PolicyJumpTableEdge(e.State, i))]).GetDestination(http);
    }

    private async Task WriteAsync(string module)
    {
        var (http, response) = (new DefaultHttpContext(), new StartingResponse());
        http.Features.Set<IHttpResponseFeature>(response);
        http.Request.Headers.Cookie = "shop-visitor=ann";
        _recent.Watch(http, module);
        await response.Start();
    }

    private static RouteEndpoint Local(FacadeEndpoint endpoint) => EndpointOf(endpoint, new LocalEndpoint(endpoint));

    private static RouteEndpoint Twin(FacadeEndpoint endpoint) => EndpointOf(endpoint, new ProxiedEndpoint(endpoint));

    private static RouteEndpoint EndpointOf(FacadeEndpoint endpoint, object mark) =>
        new(_ => Task.CompletedTask, RoutePatternFactory.Parse(endpoint.Template), order: 0, new EndpointMetadataCollection(mark), endpoint.Name);
}
