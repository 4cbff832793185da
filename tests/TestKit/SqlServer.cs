using Microsoft.Data.SqlClient;

namespace ModularShop.TestKit;

/// <summary>The SQL Server of this test run: a connection string to it in <c>MODULARSHOP_TEST_SQLSERVER</c>, or a container.</summary>
public static class SqlServer
{
    /// <summary>Each copies the database <c>model</c>, which the server locks for it: who comes second waits, and gives up after a while.</summary>
    private static readonly SemaphoreSlim Creating = new(1, 1);

    private const int ModelIsLocked = 1807;

    private const int IsLoggedIn = 15434;

    private const int LongestSeconds = 120;

    /// <summary>Why there is none; null where there is.</summary>
    public static string? Missing { get; } = Configured is null && !ContainerIsBuiltIn
        ? "No SQL Server: set MODULARSHOP_TEST_SQLSERVER to a connection string, or build with -p:Testcontainers=true."
        : null;

#if TESTCONTAINERS
    private const bool ContainerIsBuiltIn = true;

    private static readonly Lazy<Task<string>> Container = new(async () =>
    {
        // Ryuk removes the container when the process is gone.
        var container = new Testcontainers.MsSql.MsSqlBuilder().Build();
        await container.StartAsync();
        return container.GetConnectionString();
    });

    private static Task<string> ServerAsync() => Configured is { } configured ? Task.FromResult(configured) : Container.Value;
#else
    private const bool ContainerIsBuiltIn = false;

    private static Task<string> ServerAsync() => Task.FromResult(Configured ?? throw new InvalidOperationException(Missing));
#endif

    private static string? Configured => Environment.GetEnvironmentVariable("MODULARSHOP_TEST_SQLSERVER") is { Length: > 0 } set ? set : null;

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        var name = $"shop_{Guid.CreateVersion7():N}";
        var server = await ServerAsync();
        await CreateAsync(server, name);
        // What moves need of a database; some servers have it so from the first, and let nobody say it.
        await ExecuteAsync(server, $"IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'{name}' AND snapshot_isolation_state <> 1) EXEC(N'ALTER DATABASE {name} SET ALLOW_SNAPSHOT_ISOLATION ON')");
        await ExecuteAsync(server, $"IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'{name}' AND is_read_committed_snapshot_on <> 1) EXEC(N'ALTER DATABASE {name} SET READ_COMMITTED_SNAPSHOT ON')");
        return new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString();
    }

    public static async Task DropDatabaseAsync(string connectionString)
    {
        await using (var pool = new SqlConnection(connectionString))
        {
            SqlConnection.ClearPool(pool);
        }

        // Sessions of processes that were killed may be there still.
        var name = new SqlConnectionStringBuilder(connectionString).InitialCatalog;
        await ExecuteAsync(await ServerAsync(), $"BEGIN TRY EXEC(N'ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE') END TRY BEGIN CATCH END CATCH; DROP DATABASE {name}");
    }

    /// <summary>Roles belong to the server, and would stay there when the database is gone that they were made for.</summary>
    public static async Task DropLoginsAsync(string connectionString)
    {
        SqlConnection.ClearAllPools();
        var prefix = new SqlConnectionStringBuilder(connectionString).InitialCatalog.Replace("_", "[_]", StringComparison.Ordinal);
        var drop = $"""
            DECLARE @drop nvarchar(max) = N'';
            SELECT @drop += N'DROP LOGIN ' + QUOTENAME(name) + N'; ' FROM sys.server_principals WHERE type = 'S' AND name LIKE N'{prefix}[_]%';
            EXEC(@drop)
            """;
        var server = await ServerAsync();
        // A session of a process that was killed may be there for a moment.
        await Eventually.TrueAsync(() => TryAsync(server, drop, unless: IsLoggedIn), "the roles to be logged out");
    }

    private static async Task CreateAsync(string server, string name)
    {
        await Creating.WaitAsync();
        try
        {
            // Another run of tests may be making one.
            await Eventually.TrueAsync(() => TryAsync(server, $"CREATE DATABASE {name}", unless: ModelIsLocked), "the server to make a database");
        }
        finally
        {
            Creating.Release();
        }
    }

    /// <param name="unless">The number of the error that passes.</param>
    private static async Task<bool> TryAsync(string server, string sql, int unless)
    {
        try
        {
            await ExecuteAsync(server, sql);
            return true;
        }
        catch (SqlException e) when (e.Number == unless)
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection) { CommandTimeout = LongestSeconds };
        await command.ExecuteNonQueryAsync();
    }
}
