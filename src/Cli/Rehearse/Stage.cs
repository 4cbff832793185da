using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ModularShop.Cli.Rehearse;

/// <summary>A host and the service of one module, with a folder, ports and databases of their own.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Operator = "operator@modularshop.example";
    public const string Password = "demo-operator-1";

    private const string Monolith = "Monolith";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>A checkout that takes too long is given up, rightly; here it must not, whatever is broken meanwhile.</summary>
    private static readonly (string Key, string Value)[] Common =
    [
        ("RateLimits:RequestsPerSecond", "100000"), ("RateLimits:CredentialsPerMinute", "100000"), ("Customers:Passwords:Iterations", "1000"), ("Customers:Tokens:AccessMinutes", "600"),
        ("Ordering:Checkout:StockTimeoutSeconds", "600"), ("Ordering:Checkout:PaymentTimeoutSeconds", "600"), ("Ordering:Checkout:ShipmentTimeoutSeconds", "600"),
        ("Ordering:Checkout:ReservationSeconds", "3600"), ("Shipping:Carrier:Simulate:StepSeconds", "1"), ("Shipping:Jobs:AdvanceShipments", "00:00:00.500"), ("Messaging:Transport", "Http"),
        ("Messaging:MaxAttempts", "100"), ("Messaging:RetryMaxSeconds", "2"), ("Database:MigrateAtStart", "true"),
    ];

    /// <summary>A process is killed and started again, or gives way to another one, and not both at once.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private readonly string _folder;
    private readonly Databases _databases;
    private readonly HostProgram _host;
    private readonly (string Folder, string Dll) _service;
    private readonly int[] _ports = FreePorts(3);
    private readonly Link _toHost;
    private readonly Link _toService;
#pragma warning disable RS0030 // one client, one address, a few requests: no factory is needed
    private readonly HttpClient _health = new() { Timeout = TimeSpan.FromSeconds(5) };
#pragma warning restore RS0030

    public Stage(string module, string folder, Databases databases, HostProgram host, (string Folder, string Dll) service)
    {
        (Module, _folder, _databases, _host, _service) = (module, folder, databases, host, service);
        (_toHost, _toService) = (new Link("127.0.0.1", _ports[1]), new Link("127.0.0.1", _ports[2]));
        Directory.CreateDirectory(databases.HostFolder);
        Directory.CreateDirectory(databases.ServiceFolder);
        File.WriteAllText(RoutingFile, JsonSerializer.Serialize(new
        {
            Facade = new { Services = new Dictionary<string, object>(StringComparer.Ordinal) { [module] = new { Destinations = new[] { Peer(_toService.Port) } } }, Endpoints = new { } },
        }));
        Host = new StagedProcess("host", host.Folder, [host.Dll, .. Arguments(HostSettings)], Path.Combine(folder, "host.log"));
        Service = ServiceWith(isOwn: false);
    }

    public string Module { get; }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_ports[0]}"));

    public Databases Databases => _databases;

    public StagedProcess Host { get; }

    public StagedProcess Service { get; private set; }

    private string RoutingFile => Path.Combine(_folder, "routing.json");

    private string Certificates => Path.Combine(_databases.HostFolder, "peers");

    private IEnumerable<(string Key, string Value)> HostSettings =>
    [
        .. Common, ("Urls", Address.AbsoluteUri), ("Peers:Listen", Peer(_ports[1])), ("Peers:Certificates", Certificates), ($"Peers:Addresses:{Module}", Peer(_toService.Port)),
        ("Facade:Store", "File"), ("Facade:RoutingFile", RoutingFile), ("Demo:Catalog", "true"), ("Demo:Operator:Email", Operator), ("Demo:Operator:Password", Password),
        .. _databases.Host.Select(s => ($"Database:{s.Key}", s.Value)), .. _databases.Service.Select(s => ($"MoveTables:Targets:{Module}:{s.Key}", s.Value)),
    ];

    /// <summary>Host and service do not reach each other.</summary>
    public bool IsPartitioned
    {
        get => _toHost.IsCut;
        set => _toHost.IsCut = _toService.IsCut = value;
    }

    /// <summary>The host, ready.</summary>
    public Task StartHostAsync(CancellationToken cancellationToken)
    {
        Host.Start();
        return HostReadyAsync(cancellationToken);
    }

    public Task HostReadyAsync(CancellationToken cancellationToken) => UntilAsync(Host, "be ready", async () =>
    {
        using var answer = await _health.GetAsync(new Uri(Address, "health/ready"), cancellationToken);
        return answer.IsSuccessStatusCode;
    }, cancellationToken);

    /// <summary>The service ends, if it runs, and starts.</summary>
    /// <param name="isOwn">With a database of its own, not attached to the host's.</param>
    public async Task StartServiceAsync(bool isOwn, CancellationToken cancellationToken)
    {
        await InTurnAsync(
            async () =>
            {
                await Service.StopAsync();
                await Service.DisposeAsync();
                Service = ServiceWith(isOwn);
                Service.Start();
            },
            cancellationToken);
        await ServiceReadyAsync(cancellationToken);
    }

    /// <summary>The host, or the service, dies and is started again.</summary>
    public async Task KillAsync(Func<Stage, StagedProcess> which, Func<CancellationToken, Task> ready, CancellationToken cancellationToken)
    {
        await InTurnAsync(
            async () =>
            {
                var process = which(this);
                await process.KillAsync();
                process.Start();
            },
            cancellationToken);
        await ready(cancellationToken);
    }

    /// <summary>It listens; whether it is well is for its peers to find out.</summary>
    public Task ServiceReadyAsync(CancellationToken cancellationToken) => UntilAsync(Service, "listen", async () =>
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, _ports[2], cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Makes the module's tables as big as production's, while nothing runs.</summary>
    /// <returns>The rows that there are.</returns>
    public async Task<long> MultiplyAsync(IEnumerable<string> tables, long rows, CancellationToken cancellationToken) => long.Parse(
        await _host.RunAsync(
            [
                "--multiply", .. Arguments(HostSettings), $"--Multiply:Module={Module}", $"--Multiply:Tables={string.Join(',', tables)}",
                string.Create(CultureInfo.InvariantCulture, $"--Multiply:Rows={rows}"),
            ],
            cancellationToken),
        CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Host.DisposeAsync();
        await _toHost.DisposeAsync();
        await _toService.DisposeAsync();
        _health.Dispose();
        _turn.Dispose();
    }

    private async Task InTurnAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await change();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static IEnumerable<string> Arguments(IEnumerable<(string Key, string Value)> settings) => settings.Select(s => $"--{s.Key}={s.Value}");

    private static string Peer(int port) => string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}");

    /// <summary>Below those of outgoing connections: one could sit on the port of a process that is killed and started again.</summary>
    private static int[] FreePorts(int count) => [.. Enumerable.Range(28_000, 4_000).Shuffle().Where(IsFree).Take(count)];

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private StagedProcess ServiceWith(bool isOwn) => new("service", _service.Folder,
        [
            _service.Dll, .. Arguments(
            [
                .. Common, ("Peers:Listen", Peer(_ports[2])), ("Peers:Certificates", Certificates), ($"Peers:Addresses:{Monolith}", Peer(_toHost.Port)),
                ("Service:Data", isOwn ? "Own" : "Attached"), .. (isOwn ? _databases.Service : _databases.Host).Select(s => ($"Database:{s.Key}", s.Value)),
            ]),
        ], Path.Combine(_folder, "service.log"));

    private static async Task UntilAsync(StagedProcess process, string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(Pace, cancellationToken))
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Not yet.
            }

            if (process.HasFailed)
            {
                throw CommandFailure.Refused($"The {process.Name} of the rehearsal ended by itself. Its last lines:{Environment.NewLine}{process.LastLines}");
            }
        }

        throw CommandFailure.Refused(
            $"The {process.Name} of the rehearsal did not {what} within {Patience.TotalSeconds} s: the machine may be too busy. Its last lines:{Environment.NewLine}{process.LastLines}");
    }
}
