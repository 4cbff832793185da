using System.Diagnostics;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>
/// A RabbitMQ broker of the tests' own: its own node, ports, cookie and data, none of them those of a broker that the
/// machine may have. It ends with the process that started it.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private static readonly Lazy<Task<RabbitMqServer>> SharedServer = new(StartAsync);

    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-rabbitmq-").FullName;
    private readonly int _port = HostProcess.FreePort();
    private readonly int _distributionPort = HostProcess.FreePort();
    private readonly int _mapperPort = HostProcess.FreePort();
    private Process? _process;

    private RabbitMqServer()
    {
    }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing { get; } = File.Exists(Program) ? null : $"{Program} does not exist: install RabbitMQ (Debian: apt-get install rabbitmq-server), or run test.sh as root.";

    public string Uri => $"amqp://guest:guest@127.0.0.1:{_port}/";

    /// <summary>One for all tests that do not stop it.</summary>
    public static Task<RabbitMqServer> SharedAsync() => SharedServer.Value;

    public static async Task<RabbitMqServer> StartAsync()
    {
        var server = new RabbitMqServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{server._port}\nlog.file = {server._folder}/server.log\n");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts the broker on the data it had when it was stopped.</summary>
    public async Task StartAgainAsync()
    {
        // The mapper in the foreground, or it would outlive everybody; the shell ends both when its input ends, which it
        // does when the process at the other end is gone.
        const string untilInputEnds = """
            epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 < /dev/null > /dev/null 2>&1 & mapper=$!
            "$0" < /dev/null > "$HOME/output.log" 2>&1 & server=$!
            cat > /dev/null
            kill -9 "$(cat "$RABBITMQ_PID_FILE")"; kill $server; wait $server
            kill $mapper; wait $mapper
            """;
        var start = new ProcessStartInfo("sh", ["-c", untilInputEnds, Program]) { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _folder,
            ["ERL_EPMD_PORT"] = $"{_mapperPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"modularshop-{_port}@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = _folder,
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "none.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
        })
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        await Eventually.TrueAsync(
            async () =>
            {
                _process.HasExited.ShouldBeFalse($"RabbitMQ stopped: {await OutputAsync()}");
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync("127.0.0.1", _port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "RabbitMQ to listen",
            TimeSpan.FromSeconds(90));
    }

    /// <summary>Kills the broker; what it had confirmed is on its disk.</summary>
    public async Task KillAsync()
    {
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> OutputAsync()
    {
        var log = Path.Combine(_folder, "output.log");
        return File.Exists(log) ? await File.ReadAllTextAsync(log) : "it left no log";
    }
}

/// <summary>A fact about RabbitMQ; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMqFactAttribute : FactAttribute
{
    public RabbitMqFactAttribute() => Skip = RabbitMqServer.Missing;
}
