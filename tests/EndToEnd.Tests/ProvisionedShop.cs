using System.Text.Json.Nodes;
using ModularShop.Modularity.Data;
using Npgsql;

namespace EndToEnd.Tests;

/// <summary>A shop on PostgreSQL whose modules have a role each: provisioned by an administrator, migrated by the role that may, and running.</summary>
public sealed class ProvisionedShop : IAsyncLifetime
{
    internal static readonly string[] Modules = ["Catalog", "Customers", "Ordering", "Payments", "Shipping"];

    public TestDatabase Database { get; private set; } = null!;

    public string File { get; private set; } = null!;

    public string MigrationFile { get; private set; } = null!;

    public HostProcess Host { get; private set; } = null!;

    /// <summary>What provisioning printed.</summary>
    public string Printed { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.Missing is not null)
        {
            return;
        }

        Database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        (File, MigrationFile) = (Path.Combine(Database.Folder, "database.json"), Path.Combine(Database.Folder, "database.migration.json"));
        Printed = await ProvisionAsync();
        await using (var migrating = HostProcess.StartMigrating(Database.Folder, "Production", ("ConfigurationFiles:0", MigrationFile)))
        {
            (await migrating.ExitCodeAsync()).ShouldBe(0, migrating.Output);
        }

        Host = await HostProcess.StartAndWaitAsync(Database.Folder, "Development", ("ConfigurationFiles:0", File));
    }

    /// <summary>Provisions, which has to succeed; returns what was printed.</summary>
    public async Task<string> ProvisionAsync(params (string Key, string Value)[] settings)
    {
        await using var provisioning = HostProcess.StartProvisioning(Database, [("Provisioning:File", File), .. settings]);
        (await provisioning.ExitCodeAsync()).ShouldBe(0, provisioning.Output);
        return provisioning.Output;
    }

    public string ConnectionStringOf(string module) => ConnectionStringIn(File, module);

    public static string ConnectionStringIn(string file, string module) => Configuration(file)["Modules"]![module]!.GetValue<string>();

    public string MigrationConnectionString => Configuration(MigrationFile)["MigrationConnectionString"]!.GetValue<string>();

    public Task ExecuteAsMigrationAsync(string sql) => ExecuteAsync(MigrationConnectionString, sql);

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Everything that provisioning makes, as the server's catalogues have it.</summary>
    public async Task<string> CataloguesAsync()
    {
        const string sql = """
            SELECT string_agg(line, E'\n' ORDER BY line) FROM (
              SELECT format('role %s %s %s', rolname, rolpassword, rolsuper) AS line FROM pg_authid WHERE rolname LIKE current_database() || '%'
              UNION ALL SELECT format('member %s %s', roleid::regrole, member::regrole) FROM pg_auth_members WHERE roleid::regrole::text LIKE '%' || current_database() || '%'
              UNION ALL SELECT format('schema %s %s %s', nspname, nspowner::regrole, nspacl) FROM pg_namespace WHERE nspname NOT LIKE 'pg_temp%' AND nspname NOT LIKE 'pg_toast%'
              UNION ALL SELECT format('table %s %s %s', oid::regclass, relowner::regrole, relacl) FROM pg_class WHERE relnamespace::regnamespace::text NOT LIKE 'pg_%'
              UNION ALL SELECT format('default %s %s %s', defaclrole::regrole, defaclnamespace::regnamespace, defaclacl) FROM pg_default_acl
              UNION ALL SELECT format('database %s', datacl) FROM pg_database WHERE datname = current_database()) AS lines
            """;
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public async Task DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }

    private static JsonNode Configuration(string file) => JsonNode.Parse(System.IO.File.ReadAllText(file))!["Database"]!;
}
