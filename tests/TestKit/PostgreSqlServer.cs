using System.Diagnostics;
using Npgsql;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>
/// A private PostgreSQL on a free port and in a temporary folder. It ends with the process that started it, however
/// that process ends.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "modularshop";

    private static readonly Lazy<Task<PostgreSqlServer>> SharedServer = new(() => StartAsync());

    private readonly string _folder;
    private readonly string[] _settings;
    private Process? _process;

    private PostgreSqlServer(string folder, string[] settings) => (_folder, _settings) = (folder, settings);

    /// <summary>Why there can be no server here; null where there can.</summary>
    public static string? Missing { get; } = Binaries() is null
        ? "PostgreSQL is not installed: ./test.sh installs it, or install Debian's package postgresql."
        : null;

    public int Port { get; } = HostProcess.FreePort();

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>The server that all tests of this process share; it does not sync to disk.</summary>
    public static Task<PostgreSqlServer> SharedAsync() => SharedServer.Value;

    /// <param name="settings">As in <c>postgresql.conf</c>: <c>fsync=on</c>.</param>
    public static async Task<PostgreSqlServer> StartAsync(params string[] settings)
    {
        var server = new PostgreSqlServer(Directory.CreateTempSubdirectory("modularshop-pg-").FullName, settings);
        if (IsRoot)
        {
            await RunAsync("chown", "postgres", server._folder);
        }

        await RunAsync([.. AsServerUser(), Binary("initdb"), "--pgdata", server._folder, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]);
        await File.WriteAllTextAsync(Path.Combine(server._folder, "pg_hba.conf"), $"host all {User} 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        await server.StartAgainAsync();
        return server;
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Username = User, Database = database, Timeout = 5, MaxPoolSize = 60, Pooling = true,
    }.ToString();

    /// <summary>Creates a database and returns its connection string.</summary>
    /// <param name="template">What it is a copy of; else it is empty.</param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"shop_{Guid.CreateVersion7():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template ?? "template1"}");
        return ConnectionString(name);
    }

    /// <summary>From now on nobody connects to the database, so that it can be copied at any time; returns its name.</summary>
    public async Task<string> CloseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await ExecuteAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        // Those that a pool keeps do not end by themselves.
        await Eventually.TrueAsync(async () => await CountAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'") == 0, $"everybody to leave {name}");
        return name;
    }

    /// <summary>A role that may log in with a password and owns nothing; returns the connection string as that role.</summary>
    public async Task<string> CreateRoleAsync(string connectionString)
    {
        var (name, password) = ($"role_{Guid.CreateVersion7():N}", $"{Guid.CreateVersion7():N}");
        await ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD '{password}'");
        return new NpgsqlConnectionStringBuilder(connectionString) { Username = name, Password = password }.ToString();
    }

    public async Task DropDatabaseAsync(string connectionString)
    {
        await using (var pool = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(pool);
        }

        if (_process is null)
        {
            // It was stopped, and goes with its folder.
            return;
        }

        await ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    /// <summary>Starts the server on the data it had when it was stopped.</summary>
    public async Task StartAgainAsync()
    {
        // The shell ends the server when its input ends, which it does when the process at the other end is gone.
        const string untilInputEnds = "\"$@\" < /dev/null & server=$!; cat > /dev/null; kill -INT $server; wait $server";
        string[] settings = ["fsync=off", "max_connections=500", "unix_socket_directories=", "listen_addresses=127.0.0.1", $"port={Port}", .. _settings];
        string[] command =
        [
            .. AsServerUser(), "sh", "-c", untilInputEnds, "sh", Binary("postgres"), "-D", _folder, .. settings.SelectMany(s => new[] { "-c", s }),
        ];
        var log = Path.Combine(_folder, "server.log");
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >> \"$0\" 2>&1");
        start.ArgumentList.Add(log);
        command.ToList().ForEach(start.ArgumentList.Add);
        _process = Process.Start(start)!;
        await Eventually.TrueAsync(
            async () =>
            {
                _process.HasExited.ShouldBeFalse($"PostgreSQL stopped: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "it left no log")}");
                try
                {
                    await ExecuteAsync("SELECT 1");
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            "PostgreSQL to answer");
    }

    /// <summary>Stops the server as an administrator would, at once; its data stays.</summary>
    public async Task StopAsync()
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
            await StopAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? Binaries() => (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .OrderByDescending(version => double.TryParse(Path.GetFileName(version), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0)
        .Select(version => Path.Combine(version, "bin"))
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    private static string Binary(string name) => Path.Combine(Binaries() ?? throw new InvalidOperationException(Missing), name);

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsServerUser() => IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : ["env"];

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{string.Join(' ', command)}: {await output}{await errors}");
    }

    private Task ExecuteAsync(string sql) => InPostgresAsync(sql, command => command.ExecuteNonQueryAsync());

    private async Task<long> CountAsync(string sql) => (long)(await InPostgresAsync(sql, command => command.ExecuteScalarAsync()))!;

    private async Task<T> InPostgresAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> execute)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await execute(command);
    }
}
