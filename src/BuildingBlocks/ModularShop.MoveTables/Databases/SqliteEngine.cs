using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using ModularShop.Modularity.Data;

namespace ModularShop.MoveTables;

/// <summary>SQLite: one writer at a time, so a flag that triggers look at is as good as a lock.</summary>
internal sealed class SqliteEngine : Engine
{
    private const string Flags = "move_flags";

    private static readonly string[] Events = ["INSERT", "UPDATE", "DELETE"];

    public override DatabaseProvider Provider => DatabaseProvider.Sqlite;

    public override string Now => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

    public override async Task<DbConnection> OpenAsync(string connectionString, bool checksForeignKeys, CancellationToken cancellationToken)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString)
        {
            Pooling = false, ForeignKeys = checksForeignKeys, RecursiveTriggers = true, DefaultTimeout = 2, Mode = SqliteOpenMode.ReadWrite,
        };
        var connection = new SqliteConnection(settings.ToString());
        await connection.OpenAsync(cancellationToken);
        // SQLite's own waiting for the lock: it looks again after 1, 2, 5, … ms, and the driver every 150 ms only.
        await connection.ExecuteAsync(null, "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;", cancellationToken);
        return connection;
    }

    public override string Table(string schema, string table) => $"\"{table}\"";

    public override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(deferred: true));

    public override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(deferred: false));

    public override Task BeginReplicatingAsync(DbConnection connection, DbTransaction transaction, string schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, $"UPDATE {Flags} SET \"Replicating\" = 1; PRAGMA defer_foreign_keys = ON;", cancellationToken);

    public override Task EndReplicatingAsync(DbConnection connection, DbTransaction transaction, string schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, $"UPDATE {Flags} SET \"Replicating\" = 0", cancellationToken);

    public override IEnumerable<string> CreatePlumbing(string schema) =>
    [
        $"CREATE TABLE IF NOT EXISTS {ChangeLog} (\"Id\" INTEGER PRIMARY KEY AUTOINCREMENT, \"Table\" TEXT NOT NULL, \"K1\" TEXT NOT NULL, \"K2\" TEXT, \"K3\" TEXT, \"K4\" TEXT)",
        $"CREATE TABLE IF NOT EXISTS {Checkpoints} (\"Table\" TEXT PRIMARY KEY, \"K1\" TEXT, \"K2\" TEXT, \"K3\" TEXT, \"K4\" TEXT, \"Rows\" INTEGER NOT NULL, \"IsDone\" INTEGER NOT NULL)",
        $"CREATE TABLE IF NOT EXISTS {Flags} (\"One\" INTEGER PRIMARY KEY CHECK (\"One\" = 1), \"Capturing\" INTEGER NOT NULL, \"Denying\" INTEGER NOT NULL, \"Replicating\" INTEGER NOT NULL)",
        $"INSERT INTO {Flags} VALUES (1, 0, 0, 0) ON CONFLICT DO NOTHING",
    ];

    public override IEnumerable<string> DropPlumbing(string schema) => new[] { ChangeLog, Checkpoints, Flags }.Select(t => $"DROP TABLE IF EXISTS {t}");

    public override IEnumerable<string> CreateTriggers(string schema, MovedTable table)
    {
        foreach (var e in Events)
        {
            yield return $"""
                CREATE TRIGGER IF NOT EXISTS {Trigger(DenyPrefix, table, e)} BEFORE {e} ON "{table}"
                WHEN (SELECT "Denying" AND NOT "Replicating" FROM {Flags}) BEGIN SELECT RAISE(ABORT, '{Moved}'); END
                """;
            yield return $"""
                CREATE TRIGGER IF NOT EXISTS {Trigger(CapturePrefix, table, e)} AFTER {e} ON "{table}"
                WHEN (SELECT "Capturing" AND NOT "Replicating" FROM {Flags}) BEGIN {Capture(table, e)} END
                """;
        }
    }

    public override IEnumerable<string> DropTriggers(string schema, MovedTable table) =>
        Events.SelectMany(e => new[] { CapturePrefix, DenyPrefix }.Select(prefix => $"DROP TRIGGER IF EXISTS {Trigger(prefix, table, e)}"));

    public override async Task<bool> HasTableAsync(DbConnection connection, DbTransaction? transaction, string schema, string table, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<long>(transaction, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = @table", cancellationToken, ("@table", table)) > 0;

    public override string RenameTable(string schema, string from, string to) => $"ALTER TABLE \"{from}\" RENAME TO \"{to}\"";

    protected override (int Capture, int Deny) TriggersPerTable => (3, 3);

    public override async Task<List<TriggerState>> TriggersAsync(DbConnection connection, DbTransaction? transaction, string schema, CancellationToken cancellationToken)
    {
        var names = await connection.QueryAsync(
            transaction, $"SELECT name, (SELECT schema_version FROM pragma_schema_version) FROM sqlite_master WHERE type = 'trigger' AND (name LIKE '{CapturePrefix}%' OR name LIKE '{DenyPrefix}%')", r => (Name: r.GetString(0), Version: r.GetInt64(1)), cancellationToken);
        var flags = names.Count == 0 ? [] : await connection.QueryAsync(transaction, $"SELECT \"Capturing\", \"Denying\" FROM {Flags}", r => (Capturing: r.GetBoolean(0), Denying: r.GetBoolean(1)), cancellationToken);
        return
        [
            .. names.Select(t => new TriggerState(
                t.Name, flags is [var flag] && (t.Name.StartsWith(CapturePrefix, StringComparison.Ordinal) ? flag.Capturing : flag.Denying), t.Version.ToString(CultureInfo.InvariantCulture))),
        ];
    }

    public override Task SwitchTriggersAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, bool? capture, bool? deny, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            transaction, $"UPDATE {Flags} SET \"Capturing\" = COALESCE(@capture, \"Capturing\"), \"Denying\" = COALESCE(@deny, \"Denying\")", cancellationToken,
            ("@capture", capture), ("@deny", deny));

    /// <remarks>The transaction is the only one that writes.</remarks>
    public override Task LockOutWritersAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public override Task<string?> BlockersAsync(DbConnection connection, string schema, MovedTables tables, CancellationToken cancellationToken) =>
        Task.FromResult<string?>($"a process that has a write transaction open on {connection.DataSource}");

    public override async Task CheckForeignKeysAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var broken = await connection.QueryAsync(transaction, "PRAGMA foreign_key_check", r => $"{r.GetString(0)} names a row of {r.GetString(2)}", cancellationToken);
        if (broken.Count > 0)
        {
            throw new VerificationException($"{broken.Count} rows name rows that are not there: {broken[0]} that is missing.");
        }
    }

    /// <remarks>Text is compared byte by byte, and a UUID is text.</remarks>
    public override int Compare(object one, object other) => (one, other) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (Guid a, Guid b) => a.CompareTo(b),
        _ => ((IComparable)one).CompareTo(other),
    };

    public override Task<List<object?[]>> ReadRowsAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken) => SelectAsync(connection, transaction, table, Names(table.Columns), where, values, reader => reader.ReadRow(table), cancellationToken);

    public override Task<List<RowKey>> ReadKeysAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken) => SelectAsync(connection, transaction, table, Names(table.KeyColumns), where, values, reader => reader.ReadKey(table), cancellationToken);

    public override Task InsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken) =>
        RepeatAsync(connection, transaction, Insert(table), rows, cancellationToken);

    public override Task UpsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var others = table.Columns.Where((_, i) => !table.Key.Contains(i)).Select(c => $"\"{c.Name}\" = excluded.\"{c.Name}\"").ToList();
        return RepeatAsync(
            connection, transaction,
            $"{Insert(table)} ON CONFLICT ({Names(table.KeyColumns)}) DO {(others.Count == 0 ? "NOTHING" : $"UPDATE SET {string.Join(", ", others)}")}", rows, cancellationToken);
    }

    public override Task DeleteAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellationToken) =>
        RepeatAsync(connection, transaction, $"DELETE FROM \"{table}\" WHERE {Equal(table, table.Key)}", [.. keys.Select(k => k.Values)], cancellationToken);

    /// <remarks>A file has one schema.</remarks>
    public override string SizeSql => "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";

    public override long? Room(string connectionString) =>
        new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource))!).AvailableFreeSpace;

    public override Task DeleteLogAsync(DbConnection connection, DbTransaction transaction, string schema, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        RepeatAsync(connection, transaction, $"DELETE FROM {ChangeLog} WHERE \"Id\" = @v0", [.. ids.Select(id => new object?[] { id })], cancellationToken);

    public override string ReadLogSql(string schema, int most) => $"SELECT \"Id\", \"Table\", \"K1\", \"K2\", \"K3\", \"K4\" FROM {ChangeLog} ORDER BY \"Id\" LIMIT {most}";

    public override bool IsBlocked(Exception exception) => exception is SqliteException { SqliteErrorCode: 5 } or FenceBlockedException;

    public override bool IsRefusedValue(Exception exception) => exception is SqliteException { SqliteErrorCode: 19 or 18 or 20 };

    protected override string First(int most, string selection) => $"SELECT {selection} LIMIT {most}";

    private static string Insert(MovedTable table) =>
        $"INSERT INTO \"{table}\" ({Names(table.Columns)}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"@v{i}"))})";

    private static string Equal(MovedTable table, IReadOnlyList<int> columns) => string.Join(" AND ", columns.Select((c, i) => $"\"{table.Columns[c].Name}\" = @v{i}"));

    private static string Trigger(string prefix, MovedTable table, string e) => $"\"{prefix}{table}_{e.ToLowerInvariant()}\"";

    private static string Capture(MovedTable table, string e)
    {
        string Log(string row, string where) =>
            $"INSERT INTO {ChangeLog} ({LogColumns(table)}) SELECT '{table}', {string.Join(", ", table.KeyColumns.Select(c => $"{row}.\"{c.Name}\""))}{where};";
        var changed = string.Join(" OR ", table.KeyColumns.Select(c => $"NEW.\"{c.Name}\" IS NOT OLD.\"{c.Name}\""));
        return e switch
        {
            "INSERT" => Log("NEW", ""),
            "DELETE" => Log("OLD", ""),
            _ => Log("OLD", "") + Log("NEW", $" WHERE {changed}"),
        };
    }

    /// <summary>SQLite is in this process: a prepared statement for each row is the cheapest.</summary>
    private static async Task RepeatAsync(DbConnection connection, DbTransaction transaction, string sql, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var command = connection.Command(transaction, sql);
        for (var i = 0; i < rows[0].Length; i++)
        {
            command.Add($"@v{i}", null);
        }

        await command.PrepareAsync(cancellationToken);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Set(command, row);
            command.ExecuteNonQuery();
        }
    }

    private static async Task<List<T>> SelectAsync<T>(
        DbConnection connection, DbTransaction? transaction, MovedTable table, string columns, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>(values.Count);
        await using var command = connection.Command(transaction, $"SELECT {columns} FROM \"{table}\" WHERE {Equal(table, where)}");
        for (var i = 0; i < where.Count; i++)
        {
            command.Add($"@v{i}", null);
        }

        foreach (var value in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Set(command, value);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                found.Add(read(reader));
            }
        }

        return found;
    }

    private static void Set(DbCommand command, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
