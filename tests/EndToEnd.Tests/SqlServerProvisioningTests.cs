using Microsoft.Data.SqlClient;
using ModularShop.Modularity.Data;

namespace EndToEnd.Tests;

/// <summary>The roles of a SQL Server: the script wherever the tests run, what it makes where there is one.</summary>
public sealed class SqlServerProvisioningTests
{
    [Fact]
    public async Task The_script_for_sql_server_grants_rows_of_a_schema_and_no_more()
    {
        var (script, file, folder) = await SqlServerScriptAsync("Server=nowhere;Database=shop;Integrated Security=true");
        script.ShouldStartWith("-- For sqlcmd.\nUSE [shop];\nGO\n");
        foreach (var module in ProvisionedShop.Modules)
        {
            var (schema, role) = (module.ToLowerInvariant(), $"shop_{module.ToLowerInvariant()}");
            script.ShouldMatch($@"IF SUSER_ID\(N'{role}'\) IS NULL CREATE LOGIN \[{role}\] WITH PASSWORD = 0x0200[0-9A-F]{{136}} HASHED, DEFAULT_DATABASE = \[shop\];\nGO");
            // A database that was brought back from elsewhere has users of that name that nobody logs in as.
            script.ShouldContain($"IF DATABASE_PRINCIPAL_ID(N'{role}') IS NULL CREATE USER [{role}] FOR LOGIN [{role}] ELSE ALTER USER [{role}] WITH LOGIN = [{role}];\nGO\n");
            script.ShouldContain($"IF SCHEMA_ID(N'{schema}') IS NULL EXEC(N'CREATE SCHEMA [{schema}] AUTHORIZATION [shop_migration]');\nGO\n");
            script.Split('\n').Where(l => l.StartsWith("GRANT", StringComparison.Ordinal) && l.Contains(role, StringComparison.Ordinal))
                .ShouldBe([$"GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::[{schema}] TO [{role}];"]);
            var connectionString = new SqlConnectionStringBuilder(ProvisionedShop.ConnectionStringIn(file, module));
            (connectionString.UserID, connectionString.InitialCatalog, connectionString.IntegratedSecurity).ShouldBe((role, "shop", false));
            script.ShouldNotContain(connectionString.Password);
        }

        script.ShouldContain("SET ALLOW_SNAPSHOT_ISOLATION ON");
        Directory.Delete(folder, recursive: true);
    }

    [SqlServerFact]
    public async Task On_sql_server_the_shop_runs_with_roles_that_reach_their_own_schema_alone()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.SqlServer);
        await using var roles = new RolesOf(database);
        var file = Path.Combine(database.Folder, "database.json");
        for (var i = 0; i < 2; i++)
        {
            await using var provisioning = HostProcess.StartProvisioning(database, ("Provisioning:File", file));
            (await provisioning.ExitCodeAsync()).ShouldBe(0, provisioning.Output);
        }

        await using (var migrating = HostProcess.StartMigrating(database.Folder, "Production", ("ConfigurationFiles:0", Path.ChangeExtension(file, ".migration.json"))))
        {
            (await migrating.ExitCodeAsync()).ShouldBe(0, migrating.Output);
        }

        await using (var host = await HostProcess.StartAndWaitAsync(database.Folder, "Development", ("ConfigurationFiles:0", file)))
        {
            var shopper = await Shopper.RegisterAsync(host.Client);
            await shopper.BecomesAsync(await shopper.BuyAsync("KIT-0101", 1), "confirmed", "shipped", "delivered", "completed");
        }

        await using var connection = new SqlConnection(ProvisionedShop.ConnectionStringIn(file, "Catalog"));
        await connection.OpenAsync();
        foreach (var statement in new[] { "SELECT * FROM ordering.outbox", "TRUNCATE TABLE catalog.outbox", "ALTER TABLE catalog.outbox ADD extra int", "CREATE TABLE catalog.mine (id int)", "DISABLE TRIGGER ALL ON catalog.outbox" })
        {
            await using var command = new SqlCommand(statement, connection);
            (await Should.ThrowAsync<SqlException>(() => command.ExecuteNonQueryAsync(), statement)).Number.ShouldBeOneOf(229, 262, 1088, 2760, 3701, 4902, 15247);
        }
    }

    private static async Task<(string Script, string File, string Folder)> SqlServerScriptAsync(string connectionString)
    {
        var database = TestDatabase.SqliteIn(Directory.CreateTempSubdirectory("modularshop-").FullName);
        var file = Path.Combine(database.Folder, "database.json");
        await using var printing = HostProcess.StartProvisioning(
            database, ("Provisioning:File", file), ("Provisioning:Script", "true"), ("Database:Provider", "SqlServer"), ("Database:ConnectionString", connectionString));
        (await printing.ExitCodeAsync()).ShouldBe(0, printing.Output);
        return (printing.Output, file, database.Folder);
    }

    /// <summary>Those that provisioning makes of a database's server.</summary>
    private sealed class RolesOf(TestDatabase database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await SqlServer.DropLoginsAsync(database.ConnectionString!);
    }
}
