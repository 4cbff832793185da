using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;

namespace ModularShop.TestKit;

/// <summary>
/// The host and extracted services, each a process of its own, on one database and with one authority of certificates. Any
/// of them can be killed and started again at its address. The test is a peer itself, named <c>Tests</c>.
/// </summary>
public sealed class Deployment : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly Func<string, IEnumerable<(string Key, string Value)>> _settings;
    private readonly string _services;
    private readonly string _certificates = Directory.CreateTempSubdirectory("modularshop-peers-").FullName;
    private readonly int _publicPort = HostProcess.FreePort();
    private readonly Dictionary<string, int> _peerPorts;
    private readonly Dictionary<string, HostProcess> _running = new(StringComparer.Ordinal);
    private readonly WebApplication _tests;

    /// <summary>Nothing runs yet.</summary>
    /// <param name="settings">Further settings of a deployable, by its name; asked at each start.</param>
    /// <param name="servicesIn">Where the services' projects are, if they are not those of this working copy.</param>
    public Deployment(
        TestDatabase database, IEnumerable<string> services, Func<string, IEnumerable<(string Key, string Value)>>? settings = null, string? servicesIn = null)
    {
        (_database, _settings, _services) = (database, settings ?? (_ => []), servicesIn ?? HostProcess.Services);
        _peerPorts = services.Prepend(Deployable.Monolith).ToDictionary(s => s, _ => HostProcess.FreePort(), StringComparer.Ordinal);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing", ContentRootPath = _certificates });
        builder.Configuration.AddInMemoryCollection(PeerSettings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal));
        builder.Logging.ClearProviders();
        builder.AddPlatform("Tests");
        _tests = builder.Build();
    }

    public HostProcess Host => this[Deployable.Monolith];

    /// <summary>Where the host's project is from its next start on; null, in this working copy.</summary>
    public string? HostIn { get; set; }

    /// <summary>What every deployable of this test is told about its peers.</summary>
    public IReadOnlyList<(string Key, string Value)> PeerSettings =>
        [("Peers:Certificates", _certificates), .. _peerPorts.Keys.Select(d => ($"Peers:Addresses:{d}", PeerAddress(d).ToString()))];

    public HostProcess this[string deployable] => _running[deployable];

    /// <summary>All of them, ready.</summary>
    public static async Task<Deployment> StartAsync(
        TestDatabase database, IReadOnlyList<string> services, Func<string, IEnumerable<(string Key, string Value)>>? settings = null, string? servicesIn = null)
    {
        var deployment = new Deployment(database, services, settings, servicesIn);
        try
        {
            foreach (var deployable in services.Prepend(Deployable.Monolith))
            {
                deployment.Start(deployable);
            }

            await Task.WhenAll(deployment._running.Values.Select(p => p.ReadyAsync()));
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a deployable listens for its peers.</summary>
    public Uri PeerAddress(string deployable) => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_peerPorts[deployable]}"));

    /// <summary>A client that is a peer.</summary>
    public HttpClient AsPeer(string deployable)
    {
#pragma warning disable RS0030 // a test's client of a process of its own needs no factory
        return new HttpClient(_tests.Services.GetRequiredService<PeerClients>().CreateHandler(deployable))
#pragma warning restore RS0030
        {
            BaseAddress = PeerAddress(deployable),
            DefaultRequestVersion = PeerClients.Version,
        };
    }

    /// <summary>Writes the routing file: the services with their addresses, and who answers these endpoints.</summary>
    /// <param name="endpoints">A mode, such as <c>Service</c>, or an object with it and what belongs to it.</param>
    public void Route(params (string Endpoint, object Route)[] endpoints) => File.WriteAllText(Path.Combine(_database.Folder, "routing.json"), JsonSerializer.Serialize(new
    {
        Facade = new
        {
            Services = _peerPorts.Keys.Where(d => d != Deployable.Monolith).ToDictionary(d => d, d => new { Destinations = new[] { PeerAddress(d) } }, StringComparer.Ordinal),
            Endpoints = endpoints.ToDictionary(e => e.Endpoint, e => e.Route, StringComparer.Ordinal),
        },
    }));

    /// <summary>Starts a deployable, for the first time or after a kill; does not wait for it.</summary>
    public HostProcess Start(string deployable)
    {
        (string Key, string Value)[] settings = [("Peers:Listen", PeerAddress(deployable).GetLeftPart(UriPartial.Authority)), .. PeerSettings, .. _settings(deployable)];
        return _running[deployable] = deployable == Deployable.Monolith
            ? (HostIn is { } other ? HostProcess.StartIn(other, _database, _publicPort, settings) : HostProcess.Start(_database, port: _publicPort, settings: settings))
            : HostProcess.StartService(deployable, _database, AsPeer(deployable), settings, servicesIn: _services);
    }

    public async Task KillAsync(string deployable)
    {
        _running.Remove(deployable, out var process);
        await process!.KillAsync();
        await process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running.Values)
        {
            await process.DisposeAsync();
        }

        await _tests.DisposeAsync();
        Directory.Delete(_certificates, recursive: true);
    }
}
