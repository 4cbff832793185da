namespace ModularShop.Modularity.Data;

public enum DatabaseProvider
{
    Sqlite,
    SqlServer,
    PostgreSql,
}

/// <summary>Section <c>Database</c>.</summary>
public sealed record DatabaseOptions
{
    public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>Where SQLite keeps one file per module; relative to the host's content root.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>For a server: one database for all modules, a schema each.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>For a server: a connection string per module, where it differs from <see cref="ConnectionString"/>.</summary>
    public IReadOnlyDictionary<string, string> Modules { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// For a server where the modules' roles may not change tables: how <c>--migrate</c> and moves of tables connect for all
    /// modules, as the role that owns the schemas; null where the others may.
    /// </summary>
    public string? MigrationConnectionString { get; init; }

    /// <summary>Statements per round trip, 1 to 1000; null leaves it to the provider.</summary>
    public int? MaxBatchSize { get; init; }

    /// <summary>
    /// Whether every start migrates the databases. Unset, it does but for a server's in Production: there
    /// <c>--migrate</c> is a step of the deployment, run once, by a role that may change tables.
    /// </summary>
    public bool? MigrateAtStart { get; init; }

    /// <summary>How long start-up waits for a database that is not up yet, 0 to 3600 seconds.</summary>
    public int StartupWaitSeconds { get; init; } = 60;

    /// <summary>The same database, as the role that may change its tables.</summary>
    internal DatabaseOptions AsMigration() =>
        MigrationConnectionString is null ? this : this with { ConnectionString = MigrationConnectionString, Modules = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) };
}
