using Npgsql;

namespace EndToEnd.Tests;

/// <summary>Starting on a database server, and what can be wrong with it.</summary>
public sealed class ServerStartTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.Missing is null)
        {
            _database = await TestDatabase.CreateAsync(ModularShop.Modularity.Data.DatabaseProvider.PostgreSql);
        }
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [PostgreSqlFact]
    public async Task In_production_migrating_is_a_step_of_its_own()
    {
        using var tokens = new TestTokens();
        (string, string)[] production =
        [
            ("Customers:SigningKey", tokens.Pem), ("Payments:Provider:Url", "https://payments.example"), ("Payments:Provider:ApiKey", "key-of-this-test"),
            ("Payments:Provider:WebhookSecret", "secret-of-this-test-0123456789abcdef"), ("Shipping:Carrier:Url", "https://carrier.example"), ("Shipping:Carrier:ApiKey", "key-of-this-test"),
        ];
        await using (var early = HostProcess.Start(_database, "Production", settings: production))
        {
            (await early.ExitCodeAsync()).ShouldBe(1);
            early.Output.ShouldContain("--migrate");
            early.Output.ShouldNotContain("   at ");
        }

        var (exitCode, output) = await HostProcess.MigrateAsync(_database);
        exitCode.ShouldBe(0, output);
        output.ShouldContain("Every database is migrated");
        (await SchemasAsync()).ShouldBe(["catalog", "customers", "ordering", "payments", "shipping"]);
        await using var host = await HostProcess.StartAndWaitAsync(_database, "Production", production);
    }

    [PostgreSqlFact]
    public async Task Two_hosts_that_start_at_once_on_an_empty_database_both_start()
    {
        await using var first = HostProcess.Start(_database);
        await using var second = HostProcess.Start(_database);
        await first.ReadyAsync();
        await second.ReadyAsync();
    }

    [PostgreSqlFact]
    public async Task A_database_that_is_still_coming_up_is_waited_for()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var late = await TestDatabase.OnAsync(server);
        await server.StopAsync();
        await using var host = HostProcess.Start(late);
        await Eventually.TrueAsync(
            () => Task.FromResult(host.Output.Contains("waiting for the database to come up", StringComparison.Ordinal)), "the host to say that it waits");
        await server.StartAgainAsync();
        await host.ReadyAsync();
    }

    [PostgreSqlTheory]
    [InlineData("Database", "no_such_database", "CREATE DATABASE")]
    [InlineData("Username", "nobody", "Database:ConnectionString")]
    [InlineData("No such keyword", "x", "connection string")]
    public async Task A_connection_string_that_leads_nowhere_stops_the_start_with_the_reason(string keyword, string value, string said)
    {
        var connectionString = keyword.Contains(' ', StringComparison.Ordinal)
            ? $"{_database.ConnectionString};{keyword}={value}"
            : new NpgsqlConnectionStringBuilder(_database.ConnectionString) { [keyword] = value }.ToString();
        await using var host = HostProcess.Start(_database, settings: ("Database:ConnectionString", connectionString));
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain(said);
        host.Output.ShouldNotContain("   at ");
    }

    private async Task<List<string>> SchemasAsync()
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var schemas = new List<string>();
        while (await reader.ReadAsync())
        {
            schemas.Add(reader.GetString(0));
        }

        return schemas;
    }
}
