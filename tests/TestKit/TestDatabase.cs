using Microsoft.Data.Sqlite;
using ModularShop.Modularity.Data;

namespace ModularShop.TestKit;

/// <summary>
/// Databases of one test, on the engine of this test run: <c>MODULARSHOP_TEST_DATABASE</c> is Sqlite (the
/// default), PostgreSql or SqlServer.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task> _drop;

    private TestDatabase(DatabaseProvider provider, string folder, string? connectionString, Func<Task> drop)
    {
        (Folder, ConnectionString, _drop) = (folder, connectionString, drop);
        Options = new DatabaseOptions { Provider = provider, DataFolder = folder, ConnectionString = connectionString };
        Settings =
        [
            ("Database:Provider", $"{provider}"), ("Database:DataFolder", folder), ("Facade:RoutingFile", Path.Combine(folder, "routing.json")),
            .. connectionString is null ? Array.Empty<(string, string)>() : [("Database:ConnectionString", connectionString)],
        ];
    }

    /// <summary>The engine of this test run.</summary>
    public static DatabaseProvider Engine { get; } =
        Enum.Parse<DatabaseProvider>(Environment.GetEnvironmentVariable("MODULARSHOP_TEST_DATABASE") ?? nameof(DatabaseProvider.Sqlite));

    /// <summary>A folder of this test; SQLite keeps its files there.</summary>
    public string Folder { get; }

    /// <summary>Null for SQLite, which has a file per module.</summary>
    public string? ConnectionString { get; }

    /// <summary>What the host is configured with to use these databases.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; }

    /// <summary>The same for who opens a module's context without a host.</summary>
    public DatabaseOptions Options { get; }

    /// <summary>Without a table.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseProvider? engine = null)
    {
        var provider = engine ?? Engine;
        var folder = Directory.CreateTempSubdirectory("modularshop-").FullName;
        switch (provider)
        {
            case DatabaseProvider.PostgreSql:
                return await OnAsync(await PostgreSqlServer.SharedAsync(), folder);
            case DatabaseProvider.SqlServer:
                var connectionString = await SqlServer.CreateDatabaseAsync();
                return new TestDatabase(provider, folder, connectionString, () => SqlServer.DropDatabaseAsync(connectionString));
            default:
                return SqliteIn(folder);
        }
    }

    /// <summary>With the tables of all modules, and nothing in them.</summary>
    public static Task<TestDatabase> MigratedAsync(DatabaseProvider? engine = null) => DatabaseTemplates.CopyAsync(engine ?? Engine, isFilled: false);

    /// <summary>As a first start in Development leaves it: with the demo's products and accounts.</summary>
    public static Task<TestDatabase> FilledAsync(DatabaseProvider? engine = null) => DatabaseTemplates.CopyAsync(engine ?? Engine, isFilled: true);

    /// <summary>SQLite, in a folder of the test's choice.</summary>
    public static TestDatabase SqliteIn(string folder) => new(DatabaseProvider.Sqlite, folder, null, () =>
    {
        SqliteConnection.ClearAllPools();
        return Task.CompletedTask;
    });

    /// <summary>On a server of the test's own, which it may stop.</summary>
    public static async Task<TestDatabase> OnAsync(PostgreSqlServer server, string? folder = null, string? template = null)
    {
        var connectionString = await server.CreateDatabaseAsync(template);
        return new TestDatabase(
            DatabaseProvider.PostgreSql, folder ?? Directory.CreateTempSubdirectory("modularshop-").FullName, connectionString, () => server.DropDatabaseAsync(connectionString));
    }

    public async ValueTask DisposeAsync()
    {
        await _drop();
        Directory.Delete(Folder, recursive: true);
    }
}
