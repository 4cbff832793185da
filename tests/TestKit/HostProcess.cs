using System.Collections.Concurrent;
using System.Diagnostics;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>The host, or a service, as a process of its own, as a user starts it; it can be killed.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    /// <summary>Where the projects of the services are, in the working copy.</summary>
    public const string Services = "src/Extracted";

    private static readonly (string Project, string Assembly) ShopHost = ("src/Host", "ModularShop.Host");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private HostProcess(Process process, HttpClient client)
    {
        (_process, Client) = (process, client);
        process.OutputDataReceived += (_, line) => Keep(line.Data, _output);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, _output, _errors);
    }

    public Uri Address => Client.BaseAddress!;

    public HttpClient Client { get; }

    /// <summary>The system's number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Both streams, in the order in which they came.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The lines of the error stream.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <inheritdoc cref="FreePorts"/>
    public static int FreePort() => FreePorts.Next();

    /// <summary>Starts the host on a free port, with SQLite in <paramref name="dataFolder"/>; does not wait for it.</summary>
    public static HostProcess Start(string dataFolder, string environment = "Development", int? port = null, params (string Key, string Value)[] settings) =>
        Start([("Database:DataFolder", dataFolder), ("Facade:RoutingFile", Path.Combine(dataFolder, "routing.json")), .. settings], environment, port, ShopHost);

    public static Task<HostProcess> StartAndWaitAsync(string dataFolder, string environment = "Development", params (string Key, string Value)[] settings) =>
        ReadyAsync(Start(dataFolder, environment, port: null, settings));

    public static Task<HostProcess> StartAndWaitAsync(TestDatabase database, string environment = "Development", params (string Key, string Value)[] settings) =>
        ReadyAsync(Start(database, environment, settings: settings));

    public static HostProcess Start(
        TestDatabase database, string environment = "Development", int? port = null, ShiftedClock? clock = null, params (string Key, string Value)[] settings) =>
        Start([.. database.Settings, .. settings], environment, port, ShopHost, clock);

    /// <summary>Starts the host of another working copy.</summary>
    /// <param name="hostIn">The folder of its project.</param>
    public static HostProcess StartIn(string hostIn, TestDatabase database, int? port = null, params (string Key, string Value)[] settings) =>
        Start([.. database.Settings, .. settings], "Development", port, (hostIn, ShopHost.Assembly));

    /// <summary>Runs the host with <c>--migrate</c> and returns it once it has ended.</summary>
    public static async Task<(int ExitCode, string Output)> MigrateAsync(TestDatabase database, string environment = "Production")
    {
        await using var host = StartMigrating(database, environment);
        var exitCode = await host.ExitCodeAsync();
        return (exitCode, host.Output);
    }

    public static HostProcess StartMigrating(TestDatabase database, string environment = "Production", params (string Key, string Value)[] settings) =>
        Start([.. database.Settings, .. settings], environment, port: null, ShopHost, clock: null, "--migrate");

    /// <summary>Runs the host with <c>--migrate</c> as the configuration says.</summary>
    public static HostProcess StartMigrating(string dataFolder, string environment, params (string Key, string Value)[] settings) =>
        Start([("Database:DataFolder", dataFolder), .. settings], environment, port: null, ShopHost, clock: null, "--migrate");

    /// <summary>Runs the host with <c>--provision</c>.</summary>
    public static HostProcess StartProvisioning(TestDatabase database, params (string Key, string Value)[] settings) =>
        Start([.. database.Settings, .. settings], "Production", port: null, ShopHost, clock: null, "--provision");

    /// <summary>Starts another program that hosts modules: one of the tests' own.</summary>
    /// <param name="project">Its folder, such as <c>tests/HostWithoutUpcaster</c>.</param>
    public static HostProcess StartProgram(string project, string dataFolder) =>
        Start([("Database:DataFolder", dataFolder)], "Development", port: null, (project, Path.GetFileName(project)));

    /// <summary>The same, configured as a host in that environment is, with arguments of its own.</summary>
    public static HostProcess StartProgram(string project, TestDatabase database, string environment, params string[] arguments) =>
        Start(database.Settings, environment, port: null, (project, Path.GetFileName(project)), clock: null, arguments);

    /// <summary>Starts an extracted service.</summary>
    /// <param name="asPeer">What it is talked to with.</param>
    /// <param name="servicesIn">The folder with the services' projects, in the working copy or anywhere.</param>
    public static HostProcess StartService(
        string module, TestDatabase database, HttpClient asPeer, IEnumerable<(string Key, string Value)> settings, string environment = "Development",
        string servicesIn = Services) =>
        Start([.. database.Settings, .. settings], environment, asPeer, (Path.Combine(servicesIn, module), $"ModularShop.{module}.Service"));

    private static HostProcess Start(
        IEnumerable<(string Key, string Value)> settings, string environment, int? port, (string Project, string Assembly) program, ShiftedClock? clock = null,
        params string[] arguments)
    {
        var client = NewClient(new Uri($"http://127.0.0.1:{port ?? FreePort()}"));
        // Development listens for peers at one port, and several hosts of the tests run at the same time.
        return Start([("urls", client.BaseAddress!.ToString()), ("Peers:Listen", ""), .. settings], environment, client, program, clock, arguments);
    }

    private static HostProcess Start(
        IEnumerable<(string Key, string Value)> settings, string environment, HttpClient client, (string Project, string Assembly) program, ShiftedClock? clock = null,
        params string[] arguments)
    {
        // The host's own output, not the copy beside the tests: it is the one a user runs.
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;
        var folder = Path.Combine(Repository.Root, program.Project, "bin", configuration, Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)));
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.ArgumentList.Add(Path.Combine(folder, $"{program.Assembly}.dll"));
        arguments.ToList().ForEach(start.ArgumentList.Add);
        foreach (var (key, value) in settings)
        {
            start.ArgumentList.Add($"--{key}={value}");
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        // Programs of the tests' own, too: figures of what runs hot pay in processes that live longer.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment.Remove("ASPNETCORE_URLS");
        foreach (var (name, value) in clock?.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(new Process { StartInfo = start }, client);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    private static async Task<HostProcess> ReadyAsync(HostProcess host)
    {
        await host.ReadyAsync();
        return host;
    }

    /// <summary>Waits until the host answers that it is ready.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            _process.HasExited.ShouldBeFalse($"The host stopped: {Output}");
            try
            {
                using var response = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return response.IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // It does not listen yet, or is too busy starting to finish a handshake in time.
                return false;
            }
        },
        $"the host at {Address} to be ready",
        TimeSpan.FromMinutes(3));

    /// <summary>A client that is the demo shop's operator.</summary>
    public async Task<HttpClient> LogInOperatorAsync() => NewClient(Address, await OperatorSession.BeginAsync(Client));

    /// <summary>What such a client says that it is.</summary>
    public Task<string> OperatorTokenAsync() => OperatorSession.TokenAsync(Client);

    /// <summary>Waits until the host ends by itself; returns its exit code.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new ShouldAssertException($"The host does not end: {Output}", e);
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it as a service manager does; returns its exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal("TERM");
        return ExitCodeAsync();
    }

    /// <param name="signal">TERM, STOP or CONT.</param>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }

    /// <summary>kill -9</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private static HttpClient NewClient(Uri address, HttpMessageHandler? handler = null)
    {
#pragma warning disable RS0030 // a test's client of a process of its own needs no factory
        return new HttpClient(handler ?? new HttpClientHandler()) { BaseAddress = address };
#pragma warning restore RS0030
    }

    private static void Keep(string? line, params ReadOnlySpan<ConcurrentQueue<string>> streams)
    {
        if (line is not null)
        {
            foreach (var stream in streams)
            {
                stream.Enqueue(line);
            }
        }
    }
}
