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
            await early.ShouldRefuseToStartAsync("--migrate");
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
        await host.ShouldRefuseToStartAsync(said);
    }

    [PostgreSqlFact]
    public async Task A_wrong_password_stops_the_start_and_is_not_repeated()
    {
        var role = new NpgsqlConnectionStringBuilder(await (await PostgreSqlServer.SharedAsync()).CreateRoleAsync(_database.ConnectionString!)) { Password = "not-the-password" };
        await using var host = HostProcess.Start(_database, settings: ("Database:ConnectionString", role.ToString()));
        await host.ShouldRefuseToStartAsync("refuses the log-in", "Check user name and password in Database:ConnectionString");
        host.Output.ShouldNotContain("not-the-password");
    }

    [PostgreSqlFact]
    public async Task The_password_of_one_module_is_looked_for_where_it_is_configured()
    {
        var role = new NpgsqlConnectionStringBuilder(await (await PostgreSqlServer.SharedAsync()).CreateRoleAsync(_database.ConnectionString!)) { Password = "not-the-password" };
        await using var host = HostProcess.Start(_database, settings: ("Database:Modules:Ordering", role.ToString()));
        await host.ShouldRefuseToStartAsync("The database of Ordering refuses the log-in", "Database:Modules:Ordering");
    }

    [PostgreSqlFact]
    public async Task A_role_that_may_not_make_tables_cannot_migrate_and_one_that_may_not_read_them_cannot_start()
    {
        var role = await (await PostgreSqlServer.SharedAsync()).CreateRoleAsync(_database.ConnectionString!);
        await using (var empty = HostProcess.StartMigrating(_database, settings: ("Database:ConnectionString", role)))
        {
            await empty.ShouldRefuseToStartAsync("lacks a right", "permission denied", "--migrate takes one that may create schemas and tables", "Database:ConnectionString");
        }

        (await HostProcess.MigrateAsync(_database)).ExitCode.ShouldBe(0);
        await using (var unreadable = HostProcess.Start(_database, settings: ("Database:ConnectionString", role)))
        {
            await unreadable.ShouldRefuseToStartAsync("lacks a right", "a start one that may read and write them");
        }
    }

    [PostgreSqlFact]
    public async Task A_role_that_may_not_make_the_tables_of_the_jobs_cannot_migrate()
    {
        (await HostProcess.MigrateAsync(_database)).ExitCode.ShouldBe(0);
        var role = await (await PostgreSqlServer.SharedAsync()).CreateRoleAsync(_database.ConnectionString!);
        foreach (var schema in await SchemasAsync())
        {
            await ExecuteAsync($"GRANT USAGE ON SCHEMA {schema} TO {new NpgsqlConnectionStringBuilder(role).Username}");
            await ExecuteAsync($"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {new NpgsqlConnectionStringBuilder(role).Username}");
            await ExecuteAsync($"DROP TABLE {schema}.qrtz_fired_triggers");
        }

        await using var host = HostProcess.StartMigrating(_database, settings: ("Database:ConnectionString", role));
        await host.ShouldRefuseToStartAsync("lacks a right", "permission denied");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
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
