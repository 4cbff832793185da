using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Peers;

/// <summary>What is for peers is not there for anybody else, and a process without peers has nothing of all this.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class ListenerTests : IDisposable
{
    private static readonly Uri Who = new("internal/who", UriKind.Relative);

    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("GET", "/internal/who")]
    [InlineData("POST", "/internal/who")]
    [InlineData("GET", "/INTERNAL/Who")]
    [InlineData("GET", "/internal")]
    [InlineData("GET", "/internal/nothing")]
    [InlineData("GET", "/./internal/who")]
    [InlineData("GET", "/%69nternal/who")]
    [InlineData("GET", "/elsewhere")]
    public async Task From_outside_there_is_nothing_that_is_for_peers(string method, string path)
    {
        await using var host = await Peer.StartAsync("Monolith", _folder);
        using var outside = Authority.Client(host.Public, shown: null);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Peer", "Catalog");
        using var response = await outside.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var unknown = await outside.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/nowhere"));
        response.Headers.Select(h => h.Key).ShouldBe(unknown.Headers.Select(h => h.Key), ignoreOrder: true);
    }

    [Fact]
    public async Task The_public_address_listens_as_before_and_peers_reach_both_kinds_of_endpoints()
    {
        await using var host = await Peer.StartAsync("Monolith", _folder);
        using var outside = Authority.Client(host.Public, shown: null);
        host.Public.Scheme.ShouldBe("http");
        (await outside.GetStringAsync(new Uri("protocol", UriKind.Relative))).ShouldStartWith("HTTP/");
        await using var catalog = await Peer.StartAsync("Catalog", _folder, ("Peers:Addresses:Monolith", host.Inner.ToString()));
        var client = catalog.Clients.For("Monolith");
        (await client.GetStringAsync(new Uri("elsewhere", UriKind.Relative))).ShouldBe("for peers");
        (await client.GetStringAsync(new Uri("protocol", UriKind.Relative))).ShouldBe("HTTP/2");
        host.Output.ShouldNotContain("Overriding");
    }

    [Fact]
    public async Task A_service_listens_for_its_peers_alone()
    {
        await using var catalog = await Peer.StartAsync("Catalog", _folder);
        catalog.Public.ShouldBe(catalog.Inner);
        catalog.Inner.Scheme.ShouldBe("https");
    }

    [Fact]
    public async Task Without_a_listener_for_peers_no_certificates_are_made_and_no_endpoint_for_peers_is_reached()
    {
        await using var host = await Peer.StartAsync("Monolith", _folder, ("Peers:Listen", ""));
        host.Inner.ShouldBe(host.Public);
        Directory.Exists(Path.Combine(_folder, "data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_certificates_peers_talk_clear_text_only_where_that_is_asked_for()
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(() => Peer.StartAsync("Catalog", _folder, ("Peers:Listen", "http://127.0.0.1:0")));
        refused.Message.ShouldContain("Clear text must be asked for with Peers:PlainHttp: true.");

        await using var catalog = await Peer.StartAsync("Catalog", _folder, ("Peers:Listen", "http://127.0.0.1:0"), ("Peers:PlainHttp", "true"));
        catalog.Output.ShouldContain("Warning: Peers talk in clear text");
        await using var caller = await Peer.StartAsync(
            "Monolith", _folder, ("Peers:Listen", ""), ("Peers:PlainHttp", "true"), ("Peers:Addresses:Catalog", catalog.Inner.ToString()));
        (await caller.Clients.For("Catalog").GetStringAsync(Who)).ShouldBe("Monolith");
        (await caller.Clients.For("Catalog").GetStringAsync(new Uri("protocol", UriKind.Relative))).ShouldBe("HTTP/2");
        Directory.Exists(Path.Combine(_folder, "data")).ShouldBeFalse();

        await using var secure = await Peer.StartAsync("Shipping", _folder);
        using var invoker = secure.Clients.CreateInvoker("Catalog");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(catalog.Inner, Who));
        (await Should.ThrowAsync<HttpRequestException>(() => invoker.SendAsync(request, CancellationToken.None))).ToString().ShouldContain("see Peers:PlainHttp");
    }

    [Theory]
    [InlineData("Peers:Listen", "somewhere")]
    [InlineData("Peers:Addresses:Catalog", "not a url")]
    [InlineData("Peers:Addresses:Catalog", "http://127.0.0.1:5101")]
    [InlineData("Peers:ReloadSeconds", "-1")]
    public async Task A_setting_that_cannot_be_meant_stops_the_start_and_is_named(string key, string value)
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(() => Peer.StartAsync("Monolith", _folder, (key, value)));
        refused.Message.ShouldContain(key);
        refused.Message.ShouldContain(value);
    }

    [Fact]
    public async Task A_peer_nobody_has_said_the_address_of_is_not_there()
    {
        await using var caller = await Peer.StartAsync("Monolith", _folder);
        (await Should.ThrowAsync<HttpRequestException>(() => caller.Clients.For("Catalog").GetStringAsync(Who))).Message.ShouldContain("set Peers:Addresses:Catalog");
    }

    [Fact]
    public async Task A_request_to_a_peer_takes_the_trace_along_and_follows_no_redirect()
    {
        await using var catalog = await Peer.StartAsync("Catalog", _folder);
        await using var caller = await Peer.StartAsync("Monolith", _folder, ("Peers:Addresses:Catalog", catalog.Inner.ToString()));
        using var activity = new Activity("a request").SetIdFormat(ActivityIdFormat.W3C).Start();
        (await caller.Clients.For("Catalog").GetStringAsync(new Uri("trace", UriKind.Relative))).ShouldContain(activity.TraceId.ToString());
        using var redirect = await caller.Clients.For("Catalog").GetAsync(new Uri("redirect", UriKind.Relative));
        redirect.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }
}
