using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using ModularShop.Modularity.Data;

namespace EndToEnd.Tests.Facade;

/// <summary>Two hosts that share a database and in it their routing, with a service double for Catalog.</summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    public const string Endpoint = "Catalog.GetProduct";

    private static readonly Uri Product = new("/api/v1/catalog/products/KIT-0101", UriKind.Relative);

    private readonly TestDatabase _database;
    private readonly PostgreSqlServer? _server;
    private readonly ServiceDouble _service;
    private readonly int[] _ports = [HostProcess.FreePort(), HostProcess.FreePort()];
    private readonly HostProcess[] _hosts = new HostProcess[2];
    private readonly HttpClient[] _operators = new HttpClient[2];

    private TwoHosts(TestDatabase database, PostgreSqlServer? server, ServiceDouble service) => (_database, _server, _service) = (database, server, service);

    public HostProcess this[int host] => _hosts[host];

    /// <summary>Of its own, which the test stops.</summary>
    public PostgreSqlServer Server => _server!;

    /// <summary>Both ready; the routing file that they are started with is revision 1.</summary>
    public static async Task<TwoHosts> StartAsync(DatabaseProvider provider)
    {
        var server = provider is DatabaseProvider.PostgreSql ? await PostgreSqlServer.StartAsync() : null;
        var hosts = new TwoHosts(server is null ? await TestDatabase.CreateAsync(provider) : await TestDatabase.OnAsync(server), server, await ServiceDouble.StartAsync());
        await File.WriteAllTextAsync(
            Path.Combine(hosts._database.Folder, "routing.json"), $$"""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "{{hosts._service.Address}}" ] } } } }""");
        hosts.Start(0);
        hosts.Start(1);
        await Task.WhenAll(hosts.ReadyAsync(0), hosts.ReadyAsync(1));
        return hosts;
    }

    public void Start(int host) => _hosts[host] = HostProcess.Start(
        _database, port: _ports[host], settings: [("Facade:Store", "Database"), ("Peers:PlainHttp", "true"), ("RateLimits:RequestsPerSecond", "100000"), ("RateLimits:CredentialsPerMinute", "1000")]);

    /// <summary>Ready, and by the newest revision but for what another changes at this moment.</summary>
    public async Task ReadyAsync(int host)
    {
        await _hosts[host].ReadyAsync();
        _operators[host] = await _hosts[host].LogInOperatorAsync();
    }

    public async Task<long> RevisionAsync(int host) =>
        (await _operators[host].GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["revision"]!.GetValue<long>();

    public async Task<System.Text.Json.Nodes.JsonArray> HistoryAsync(int host) =>
        (await _operators[host].GetAsync(new Uri("/api/v1/routes/history?take=200", UriKind.Relative)).ShouldBeAsync(200)).AsArray();

    public Task<HttpResponseMessage> TryToSetAsync(int host, string mode, long? revision = null) =>
        _operators[host].PutAsJsonAsync($"/api/v1/routes/{Endpoint}", new { mode, percent = mode == "Canary" ? 10 : (int?)null, reason = $"through host {host}", revision });

    /// <summary>Returns the revision, and when the host's answer was here.</summary>
    public async Task<(long Revision, long At)> SetAsync(int host, string mode)
    {
        await TryToSetAsync(host, mode).ShouldBeAsync(200);
        var at = Stopwatch.GetTimestamp();
        return (await RevisionAsync(host), at);
    }

    /// <summary>Waits until every one of <paramref name="hosts"/> answers by the revision.</summary>
    public async Task FollowAsync(long revision, params int[] hosts)
    {
        foreach (var host in hosts)
        {
            await Eventually.TrueAsync(async () => (await ReadAsync(host)).Revision == revision, $"host {host} to answer by revision {revision}; it said: {_hosts[host].Output}");
        }
    }

    /// <summary>One read of the endpoint.</summary>
    public async Task<Read> ReadAsync(int host)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _hosts[host].Client.GetAsync(Product);
            // As in: catalog-service; revision=17; owner=monolith
            var said = response.Headers.GetValues("X-Answered-By").Single().Split(';', '=');
            return new Read(started, Stopwatch.GetElapsedTime(started), (int)response.StatusCode, said[0], long.Parse(said[2], CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException e)
        {
            return new Read(started, Stopwatch.GetElapsedTime(started), 0, e.Message, 0);
        }
    }

    /// <summary>Reads until told to stop; two hundred a second at most, for hosts that starve keep no promise.</summary>
    public async Task<List<Read>> ReadAsync(int host, CancellationToken stop)
    {
        var reads = new List<Read>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!stop.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
        {
            reads.Add(await ReadAsync(host));
        }

        return reads;
    }

    public async ValueTask DisposeAsync()
    {
        for (var host = 0; host < 2; host++)
        {
            _operators[host]?.Dispose();
            await _hosts[host].DisposeAsync();
        }

        await _service.DisposeAsync();
        await _database.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// <summary>A read, by whom and which revision it was answered, when it was sent and how long it took.</summary>
internal sealed record Read(long Started, TimeSpan Took, int Status, string AnsweredBy, long Revision);
