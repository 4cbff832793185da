using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ModularShop.Cli.Rehearse;

/// <summary>The two databases of a rehearsal, which are thrown away with it.</summary>
internal abstract class Databases(string folder) : IAsyncDisposable
{
    /// <summary>Relative to nothing: where the host keeps keys, certificates and, on SQLite, its databases.</summary>
    public string HostFolder { get; } = Path.Combine(folder, "host");

    public string ServiceFolder { get; } = Path.Combine(folder, "service");

    /// <summary>For the engine's name in the report.</summary>
    public abstract string Engine { get; }

    /// <summary>Of the host's database, as the section <c>Database</c> has it.</summary>
    public abstract IEnumerable<(string Key, string Value)> Host { get; }

    /// <summary>Of the service's own.</summary>
    public abstract IEnumerable<(string Key, string Value)> Service { get; }

    /// <summary>Makes the service's own database slow, for as long as it is told.</summary>
    /// <param name="module">Whose service it is.</param>
    public abstract Task SlowServiceAsync(string module, TimeSpan time, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <param name="server">Of PostgreSQL, as somebody who may make databases; null for SQLite.</param>
    public static async Task<Databases> MakeAsync(string? server, string folder, CancellationToken cancellationToken) =>
        server is null ? new SqliteDatabases(folder) : await PostgreSqlDatabases.CreateAsync(server, folder, cancellationToken);
}

/// <summary>A file per module.</summary>
internal sealed class SqliteDatabases(string folder) : Databases(folder)
{
    private static readonly TimeSpan Held = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LetGo = TimeSpan.FromMilliseconds(50);

    public override string Engine => "SQLite";

    public override IEnumerable<(string Key, string Value)> Host => [("Provider", "Sqlite"), ("DataFolder", HostFolder)];

    public override IEnumerable<(string Key, string Value)> Service => [("Provider", "Sqlite"), ("DataFolder", ServiceFolder)];

    /// <summary>Somebody else has the right to write, most of the time.</summary>
    public override async Task SlowServiceAsync(string module, TimeSpan time, CancellationToken cancellationToken)
    {
        var until = TimeProvider.System.GetUtcNow() + time;
        var file = Path.Combine(ServiceFolder, $"{module.ToLowerInvariant()}.db");
        while (File.Exists(file) && TimeProvider.System.GetUtcNow() < until)
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1 }.ToString());
            try
            {
                await connection.OpenAsync(cancellationToken);
                await using var turn = connection.BeginTransaction(deferred: false);
                await Task.Delay(Held, cancellationToken);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is 5)
            {
                // Others were quicker.
            }

            await Task.Delay(LetGo, cancellationToken);
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Two databases of a server; the service's is reached over a link that can be slow.</summary>
internal sealed class PostgreSqlDatabases : Databases
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"rehearsal_{Guid.CreateVersion7():N}");
    private readonly Link _link;

    private PostgreSqlDatabases(NpgsqlConnectionStringBuilder server, string folder)
        : base(folder) => (_server, _link) = (server, new Link(server.Host!, server.Port));

    public override string Engine => "PostgreSQL";

    public override IEnumerable<(string Key, string Value)> Host => [("Provider", "PostgreSql"), ("DataFolder", HostFolder), ("ConnectionString", In("host").ToString())];

    public override IEnumerable<(string Key, string Value)> Service
    {
        get
        {
            var linked = In("service");
            (linked.Host, linked.Port) = ("127.0.0.1", _link.Port);
            return [("Provider", "PostgreSql"), ("DataFolder", ServiceFolder), ("ConnectionString", linked.ToString())];
        }
    }

    public static async Task<PostgreSqlDatabases> CreateAsync(string server, string folder, CancellationToken cancellationToken)
    {
        try
        {
            var databases = new PostgreSqlDatabases(new NpgsqlConnectionStringBuilder(server) { Pooling = false }, folder);
            await databases.ExecuteAsync("CREATE DATABASE {0}", cancellationToken);
            return databases;
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            throw CommandFailure.Refused($"The databases of the rehearsal cannot be made on the server that --server names: {e.Message} It needs a role that may log in and CREATE DATABASE, such as \"Host=127.0.0.1;Username=postgres;Password=…\".");
        }
    }

    public override async Task SlowServiceAsync(string module, TimeSpan time, CancellationToken cancellationToken)
    {
        _link.Delay = Delay;
        try
        {
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            _link.Delay = TimeSpan.Zero;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await ExecuteAsync("DROP DATABASE IF EXISTS {0} WITH (FORCE)", CancellationToken.None);
    }

    private NpgsqlConnectionStringBuilder In(string side) => new(_server.ToString()) { Database = $"{_prefix}_{side}", Pooling = true };

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_server.ToString());
        await connection.OpenAsync(cancellationToken);
        foreach (var side in new[] { "host", "service" })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = string.Format(CultureInfo.InvariantCulture, statement, $"{_prefix}_{side}");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
