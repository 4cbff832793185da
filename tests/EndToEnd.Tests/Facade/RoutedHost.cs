using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Data;

namespace EndToEnd.Tests.Facade;

/// <summary>A host of its own whose routing file the test edits, with a service double for Catalog.</summary>
internal sealed class RoutedHost : IAsyncDisposable
{
    private (string Key, string Value)[] _settings = [];
    private TestDatabase _database = null!;

    public ServiceDouble Service { get; private set; } = null!;

    public HostProcess Process { get; private set; } = null!;

    public HttpClient Client => Process.Client;

    public HttpClient Operator { get; private set; } = null!;

    public string RoutingFile => Path.Combine(_database.Folder, "routing.json");

    /// <summary>The code of a product that is there.</summary>
    public string Sku { get; private set; } = "";

    public static async Task<RoutedHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var routed = new RoutedHost { Service = await ServiceDouble.StartAsync(), _database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite), _settings = [("Peers:PlainHttp", "true"), ("Peers:Listen", ""), ("RateLimits:RequestsPerSecond", "100000"), .. settings] };
        await routed.RunAsync();
        var products = await routed.Client.GetAsync(new Uri("/api/v1/catalog/products?size=1", UriKind.Relative)).ShouldBeAsync(200);
        routed.Sku = products["items"]![0]!["sku"]!.GetValue<string>();
        return routed;
    }

    /// <summary>kill -9, and a new process.</summary>
    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        await RunAsync();
    }

    /// <summary>Writes the routing file and waits until it is in effect; returns how long that took.</summary>
    public async Task<TimeSpan> RouteAsync(string endpoints)
    {
        var before = await RevisionAsync();
        var written = Stopwatch.StartNew();
        await WriteAsync($$"""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "{{Service.Address}}" ] } }, "Endpoints": { {{endpoints}} } } } // after {{before}}""");
        await Eventually.TrueAsync(async () => await RevisionAsync() > before, $"the routing {endpoints} to be in effect; the host said: {Process.Output}");
        return written.Elapsed;
    }

    public Task WriteAsync(string text) => File.WriteAllTextAsync(RoutingFile, text);

    public Task<JsonNode> RoutingAsync() => Operator.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200);

    /// <summary>How the double's answers compare, once what has been asked for holds.</summary>
    public Task<JsonNode> ShadowAsync(Func<JsonNode, bool> holds, string what, string endpoint = "Catalog.GetProduct") => Eventually.GetAsync(
        async () => await Operator.GetAsync(new Uri($"/api/v1/routes/{endpoint}/shadow", UriKind.Relative)).ShouldBeAsync(200) is var figures && holds(figures) ? figures : null, what);

    public Task<HttpResponseMessage> GetProductAsync(HttpClient? client = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/catalog/products/{Sku}", UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return (client ?? Client).SendAsync(request);
    }

    /// <summary>What <see cref="CreateProductAsync"/> creates, where it is done.</summary>
    public const string NewSku = "NEW-1";

    public Task<HttpResponseMessage> CreateProductAsync(string description = "") => Operator.PostAsJsonAsync(
        new Uri("/api/v1/catalog/products", UriKind.Relative), new { sku = NewSku, name = "New", description, category = "kitchen", price = new { amount = 100, currency = "EUR" } });

    /// <summary>A client that forgets every cookie, so that each of its requests is another visitor's.</summary>
    public HttpClient WithoutCookies()
    {
#pragma warning disable RS0030 // a test's client of a process of its own needs no factory
        return new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Process.Address };
#pragma warning restore RS0030
    }

    /// <summary>Writes go to this side, whoever owned the data before; returns when they do.</summary>
    public async Task OwnedByAsync(string side)
    {
        if ((await CreateProductAsync()).AnsweredBy() != side)
        {
            await ChangeOwnerAsync("Catalog");
            await Eventually.TrueAsync(async () => (await CreateProductAsync()).AnsweredBy() == side, $"writes to go to {side}");
        }
    }

    public Task<string> ChangeOwnerAsync(string module) => Operator.ChangeOwnerAsync(module);

    public Task<HttpResponseMessage> SetRouteAsync(string endpoint, object route) => Operator.PutAsJsonAsync(new Uri($"/api/v1/routes/{endpoint}", UriKind.Relative), route);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Service.DisposeAsync();
        Operator.Dispose();
        await _database.DisposeAsync();
    }

    private async Task RunAsync()
    {
        Process = await HostProcess.StartAndWaitAsync(_database, "Development", _settings);
        Operator = await Process.LogInOperatorAsync();
    }

    private async Task<long> RevisionAsync() => (await RoutingAsync())["revision"]!.GetValue<long>();
}

/// <summary>One for a class of tests.</summary>
public class SharedHost : IAsyncLifetime
{
    internal RoutedHost Shop { get; private set; } = null!;

    protected virtual (string Key, string Value)[] Settings => [];

    public async Task InitializeAsync() => Shop = await RoutedHost.StartAsync(Settings);

    public Task DisposeAsync() => Shop.DisposeAsync().AsTask();
}

/// <summary>One for all tests of a class, which each set what they need of the routing and of the double.</summary>
public sealed class SharedRoutedHost : IAsyncLifetime
{
    internal RoutedHost Shop { get; private set; } = null!;

    public async Task InitializeAsync() => Shop = await RoutedHost.StartAsync();

    public async Task DisposeAsync() => await Shop.DisposeAsync();
}
