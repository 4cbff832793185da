using Microsoft.Data.SqlClient;

namespace ModularShop.TestKit;

/// <summary>The SQL Server of this test run: a connection string to it in <c>MODULARSHOP_TEST_SQLSERVER</c>, or a container.</summary>
public static class SqlServer
{
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
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
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

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
