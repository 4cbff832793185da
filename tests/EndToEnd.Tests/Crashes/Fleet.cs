using PaymentProviderSimulator;

namespace EndToEnd.Tests.Crashes;

/// <summary>Hosts on one database, and the payment provider, which no kill of a host makes forget.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const string WebhookSecret = "a-secret-of-the-crash-tests";

    public static readonly SimulatorOptions ProviderOptions = new() { WebhookSecret = WebhookSecret };

    private readonly TestDatabase _database;
    private readonly ProviderSimulator _provider;
    private readonly int[] _ports;
    private readonly HostProcess[] _hosts;

    private readonly ShiftedClock? _clock;
    private readonly (string Key, string Value)[] _settings;

    private Fleet(TestDatabase database, ProviderSimulator provider, int hosts, ShiftedClock? clock, (string Key, string Value)[] settings)
    {
        (_database, _provider, _clock, _settings) = (database, provider, clock, settings);
        _ports = [.. Enumerable.Range(0, hosts).Select(_ => HostProcess.FreePort())];
        _hosts = new HostProcess[hosts];
    }

    public IReadOnlyList<Uri> Addresses => [.. _hosts.Select(h => h.Address)];

    public Ledger Provider => _provider.Ledger;

    public HostProcess this[int host] => _hosts[host];

    public static Task<Fleet> StartAsync(TestDatabase database, int hosts, params (string Key, string Value)[] settings) =>
        StartAsync(database, hosts, clock: null, settings);

    public static async Task<Fleet> StartAsync(TestDatabase database, int hosts, ShiftedClock? clock, params (string Key, string Value)[] settings)
    {
        var fleet = new Fleet(database, await ProviderSimulator.StartAsync(ProviderOptions), hosts, clock, settings);
        for (var host = 0; host < hosts; host++)
        {
            await fleet.RestartAsync(host);
        }

        return fleet;
    }

    /// <summary>Money that is the provider's, parcels that arrive within seconds, and no limit that a slow machine could pass.</summary>
    public static (string Key, string Value)[] SettingsWith(ProviderSimulator provider) =>
    [
        ("RateLimits:RequestsPerSecond", "100000"),
        ("RateLimits:CredentialsPerMinute", "100000"),
        ("Customers:Passwords:Iterations", "1000"),
        ("Payments:Provider:Url", provider.Url.ToString()),
        ("Payments:Provider:ApiKey", "simulator-key"),
        ("Payments:Provider:WebhookSecret", WebhookSecret),
        // A checkout that takes too long is given up, rightly; here it must not, however slow the machine is.
        ("Ordering:Checkout:StockTimeoutSeconds", "600"),
        ("Ordering:Checkout:PaymentTimeoutSeconds", "600"),
        ("Ordering:Checkout:ShipmentTimeoutSeconds", "600"),
        ("Ordering:Checkout:ReservationSeconds", "3600"),
        ("Shipping:Carrier:Simulate:StepSeconds", "1"),
        ("Shipping:Jobs:AdvanceShipments", "00:00:00.300"),
    ];

    public async Task RestartAsync(int host)
    {
        _hosts[host] = HostProcess.Start(_database, "Development", _ports[host], _clock, [.. SettingsWith(_provider), .. _settings]);
        await _hosts[host].ReadyAsync();
    }

    public async Task KillAsync(int host)
    {
        await _hosts[host].KillAsync();
        await _hosts[host].DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _provider.DisposeAsync();
    }
}
