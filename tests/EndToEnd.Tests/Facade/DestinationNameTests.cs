using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Facade;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace EndToEnd.Tests.Facade;

/// <summary>A destination that is a name of several addresses; and a name server that does what the test wants.</summary>
public sealed class DestinationNameTests : ShopFixture
{
    private const string Name = "catalog.test";

    private static readonly Uri Products = new("/api/v1/catalog/products", UriKind.Relative);

    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-names-").FullName;
    private readonly int _port = HostProcess.FreePort();
    private readonly NameServer _names = new();
    private readonly List<ServiceDouble> _services = [];

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Facade:Dns:Enabled", "true"), new("Facade:Dns:RefreshSeconds", "1"), new("Facade:RoutingFile", Path.Combine(_folder, "routing.json")), new("Peers:PlainHttp", "true"),
    ];

    protected override void ConfigureServices(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IDestinationResolver>(p => ActivatorUtilities.CreateInstance<DestinationNames>(p, _names)));

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var address in new[] { "127.0.0.1", "127.0.0.2" })
        {
            _services.Add(await ServiceDouble.StartAsync(IPAddress.Parse(address), _port));
        }
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Both_addresses_get_traffic_and_when_one_goes_away_no_read_fails()
    {
        _names.Say(Name, "127.0.0.1", "127.0.0.2");
        using var client = Anonymous();
        await RouteAsync();
        await BothAnswerAsync(client);
        _services[1].Asked.TryPeek(out var asked).ShouldBeTrue();
        asked["Host"].ShouldBe($"{Name}:{_port}", "the name is what the service is asked by");
        (await ServiceAsync())["addresses"]!.GetValue<int>().ShouldBe(2);

        await _services[1].GoAwayAsync();
        for (var read = 0; read < 50; read++)
        {
            await client.GetAsync(Products).ShouldHaveStatusAsync(200);
        }

        await _services[1].RunAsync();
        await BothAnswerAsync(client);
    }

    [Fact]
    public async Task Addresses_that_change_are_followed_and_a_name_server_that_fails_or_hangs_takes_nothing_away()
    {
        _names.Say(Name, "127.0.0.1");
        using var client = Anonymous();
        await RouteAsync();
        await client.GetAsync(Products).ShouldHaveStatusAsync(200);
        _services[1].Asked.ShouldBeEmpty();
        _names.Say(Name, "127.0.0.2");
        await Eventually.TrueAsync(async () => await AsksAsync(client, 1), "the new address to be asked");

        _names.Say(Name);
        await _names.AskedAgainAsync();
        (await AsksAsync(client, 1)).ShouldBeTrue("the address known from before");
        _names.Hang();
        await _names.AskedAgainAsync();
        // It hangs for ever: whoever waited for it would not come to an end.
        await RouteAsync(comment: "changed while the name server hangs");
        (await AsksAsync(client, 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_answered_for_by_the_monolith()
    {
        using var client = Anonymous();
        await RouteAsync();
        using var response = await client.GetAsync(Products);
        response.AnsweredBy().ShouldBe("monolith");
        // The second, where it has been found out before that it does not answer.
        response.Headers.GetValues("X-Fallback").Single().ShouldBeOneOf("unreachable", "no-destination");
        _names.Say(Name, "127.0.0.1");
        await Eventually.TrueAsync(async () => await AsksAsync(client, 0), "the address to be found");
    }

    [Fact]
    public async Task A_name_is_resolved_for_a_peer_whose_certificate_bears_another()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await using var deployment = await Deployment.StartAsync(database, ["Catalog"], d => d == Deployable.Monolith ? [("Facade:Dns:Enabled", "true"), ("Facade:Dns:Addresses", "IPv4")] : []);
        var address = new UriBuilder(deployment.PeerAddress("Catalog")) { Host = "localhost" }.Uri;
        await File.WriteAllTextAsync(Path.Combine(database.Folder, "routing.json"), Routing(address.ToString()));
        await Eventually.TrueAsync(
            async () => (await deployment.Host.Client.GetAsync(Products)) is { IsSuccessStatusCode: true } answer
                && answer.AnsweredBy() == "catalog-service" && !answer.Headers.Contains("X-Fallback"),
            "the service to answer");
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ServiceAsync()
    {
        using var operators = Operator();
        return (await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["services"]![0]!;
    }

    private async Task RouteAsync(string comment = "")
    {
        var before = await RevisionAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "routing.json"), $"{Routing($"http://{Name}:{_port}")} // {comment}");
        await Eventually.TrueAsync(async () => await RevisionAsync() > before, "the routing to be in effect");
    }

    private async Task<long> RevisionAsync()
    {
        using var operators = Operator();
        return (await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["revision"]!.GetValue<long>();
    }

    private static string Routing(string destination) =>
        $$"""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "{{destination}}" ], "LoadBalancing": "RoundRobin" } }, "Endpoints": { "Catalog.ListProducts": "Service" } } }""";

    private async Task BothAnswerAsync(HttpClient client)
    {
        _services.ForEach(s => s.Asked.Clear());
        await Eventually.TrueAsync(
            async () =>
            {
                await client.GetAsync(Products).ShouldHaveStatusAsync(200);
                return _services.TrueForAll(s => !s.Asked.IsEmpty);
            },
            "both to be asked");
    }

    /// <summary>Whether it is the double at that place that a read goes to.</summary>
    private async Task<bool> AsksAsync(HttpClient client, int service)
    {
        var before = _services[service].Asked.Count;
        (await client.GetAsync(Products)).Dispose();
        return _services[service].Asked.Count > before;
    }

    /// <summary>Answers as YARP's resolver does.</summary>
    private sealed class NameServer : IDestinationResolver
    {
        private readonly ConcurrentDictionary<string, string[]> _names = new(StringComparer.Ordinal);
        private volatile bool _hangs;
        private int _asked;

        /// <param name="addresses">None: it fails.</param>
        public void Say(string name, params string[] addresses) => _names[name] = addresses;

        public void Hang() => _hangs = true;

        public Task AskedAgainAsync()
        {
            var before = Volatile.Read(ref _asked);
            return Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref _asked) > before), "the name server to be asked again");
        }

        public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            if (_hangs)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            var (key, destination) = destinations.Single();
            var uri = new Uri(destination.Address);
            return _names.GetValueOrDefault(uri.Host) is { Length: > 0 } addresses
                ? new ResolvedDestinationCollection(
                    addresses.ToDictionary(a => $"{key}[{a}]", a => destination with { Address = new UriBuilder(uri) { Host = a }.Uri.ToString(), Host = uri.Authority }, StringComparer.Ordinal), null)
                : throw new InvalidOperationException($"Failed to resolve host '{uri.Host}'.");
        }
    }
}
