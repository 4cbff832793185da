using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ModularShop.Facade;
using ModularShop.Modularity.Deployables;

namespace Modules.Tests.Facade;

/// <summary>Who has just written, and is to read what was written.</summary>
public sealed class RecentWritesTests
{
    private const string Somewhere = "10.0.0.1";
    private const string Elsewhere = "10.0.0.2";

    private readonly TestClock _clock = new();
    private readonly Replicas _replicas;
    private readonly RecentWrites _recent;

    public RecentWritesTests()
    {
        var here = new Deployable(Deployable.Monolith);
        var ownerships = new Ownerships(here);
        _replicas = new Replicas(ownerships, here, Options.Create(new ServiceOptions()), Options.Create(new ReplicaOptions()), _clock);
        var (table, inventory) = (new RoutingTable(), new EndpointInventory());
        inventory.Close([]);
        var nothing = new RoutingDefinition(
            new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal), new Dictionary<string, RouteDefinition>(StringComparer.Ordinal), ShadowRules.Default);
        table.Exchange(new RoutingSnapshot(new RoutingRevision(1, "", _clock.GetUtcNow(), "test", ""), nothing, inventory, _clock));
        _recent = new RecentWrites(ownerships, _replicas, table, _clock);
    }

    [Theory]
    [InlineData("ann", Somewhere, "ann", Somewhere, true)]
    [InlineData("ann", Somewhere, "ann", Elsewhere, true)]
    [InlineData("ann", Somewhere, "bob", Somewhere, false)]
    [InlineData("ann", Somewhere, null, Somewhere, false)]
    [InlineData(null, Somewhere, null, Somewhere, true)]
    [InlineData(null, Somewhere, null, Elsewhere, false)]
    public async Task A_client_is_known_by_what_it_bears_and_else_by_its_address(string? writer, string from, string? reader, string at, bool isKnown)
    {
        var (http, response) = (Visitor(writer, from), new StartingResponse());
        http.Features.Set<IHttpResponseFeature>(response);
        _recent.Watch(http, "Ordering");
        await response.Start();

        (_recent.Of(Visitor(reader, at), "Ordering") is not null).ShouldBe(isKnown);
        _recent.Of(Visitor(reader, at), "Catalog").ShouldBeNull();
        _clock.Advance(_replicas.MaxLag);
        (_recent.Of(Visitor(reader, at), "Ordering") is not null).ShouldBe(isKnown, "clocks may be apart");
        _clock.Advance(2 * Clocks.Skew);
        _recent.Of(Visitor(reader, at), "Ordering").ShouldBeNull();
    }

    [Fact]
    public void What_another_host_has_told_a_client_is_known_without_a_look_at_who_that_is()
    {
        var (http, at) = (Visitor("ann", Somewhere), _clock.GetUtcNow());
        http.Request.Headers.Cookie = string.Create(CultureInfo.InvariantCulture, $"shop-visitor=ann; shop-written=catalog.7.{at.UtcTicks}");
        _recent.Told(http, "Catalog").ShouldBe(new Written(7, at));
        _recent.Told(http, "Ordering").ShouldBeNull();
        _clock.Advance(_replicas.MaxLag + (2 * Clocks.Skew));
        _recent.Told(http, "Catalog").ShouldBeNull();
    }

    private static DefaultHttpContext Visitor(string? name, string address)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        if (name is not null)
        {
            http.Request.Headers.Cookie = $"shop-visitor={name}";
        }

        return http;
    }
}
