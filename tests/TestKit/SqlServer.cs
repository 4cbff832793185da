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
        return new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString();
    }

    public static async Task DropDatabaseAsync(string connectionString)
    {
        await using (var pool = new SqlConnection(connectionString))
        {
            SqlConnection.ClearPool(pool);
        }

        await ExecuteAsync(await ServerAsync(), $"DROP DATABASE {new SqlConnectionStringBuilder(connectionString).InitialCatalog}");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
