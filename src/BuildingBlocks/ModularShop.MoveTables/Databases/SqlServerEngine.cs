using System.Data;
using System.Data.Common;
using System.Data.SqlTypes;
using Microsoft.Data.SqlClient;
using ModularShop.Modularity.Data;

namespace ModularShop.MoveTables;

/// <summary>SQL Server, from 2016 on: JSON for lists of keys, bulk copy for rows, and triggers that are enabled and disabled.</summary>
/// <remarks>
/// :: What a SET statement or the session's context is given stays when a transaction ends, however it does: every write
/// transaction begins by saying both again. A statement with parameters is a scope of its own: what is SET in it, and a
/// temporary table, ends with it, and with one without parameters does not.
/// :: TRUNCATE fires no trigger there. Roles that may only write rows cannot do it, and a comparison finds what it leaves.
/// </remarks>
internal sealed class SqlServerEngine : Engine
{
    private const string Flag = "modularshop.replicating";

    /// <summary>By code unit, as the columns of all modules.</summary>
    public const string Collation = "COLLATE Latin1_General_100_BIN2";

    /// <summary>No statement waits for ever: one that gives up is tried again.</summary>
    private const string Patient = "SET LOCK_TIMEOUT 10000;";

    /// <summary>A change of a table waits for its readers, and all that come after it wait behind it.</summary>
    private const string Hurried = "SET LOCK_TIMEOUT 2000;";

    /// <summary>Reads wait for no writer, and none waits for them.</summary>
    private const string AsCommitted = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT;";

    private static readonly TimeSpan LongestWaitForWriters = LongestAttempt * 2 / 3;
    private static readonly TimeSpan LongestWaitForReaders = LongestAttempt / 3;

    public override DatabaseProvider Provider => DatabaseProvider.SqlServer;

    public override string Now => "DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME())";

    protected override string ShortText => "nvarchar(200)";

    protected override string LongText => "nvarchar(max)";

    /// <exception cref="UnfitDatabaseException">The database is set in a way that moves cannot do with.</exception>
    public override async Task<DbConnection> OpenAsync(string connectionString, bool checksForeignKeys, CancellationToken cancellationToken)
    {
        var settings = new SqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, ApplicationName = "modularshop-move", CommandTimeout = LongestStatementSeconds, MultipleActiveResultSets = false,
            // A session that the client replaced unasked would have none of its settings.
            ConnectRetryCount = 0,
        };
        var connection = new SqlConnection(settings.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            // Where one of two has to give way it is the move and not the business.
            await connection.ExecuteAsync(null, $"SET XACT_ABORT ON; SET DEADLOCK_PRIORITY LOW; {Patient}", cancellationToken);
            await SqlServerFitness.CheckAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    protected override CommandBehavior Look => CommandBehavior.Default;

    public override string Table(string schema, string table) => $"\"{schema}\".\"{table}\"";

    public override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.Snapshot, cancellationToken);

    public override async ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        try
        {
            await connection.ExecuteAsync(transaction, $"{Patient} {SetFlag("NULL")}", cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public override Task BeginReplicatingAsync(DbConnection connection, DbTransaction transaction, string schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, SetFlag("1"), cancellationToken);

    public override Task EndReplicatingAsync(DbConnection connection, DbTransaction transaction, string schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, SetFlag("NULL"), cancellationToken);

    public override IEnumerable<string> CreatePlumbing(string schema)
    {
        const string text = $"nvarchar(450) {Collation}";
        const string keys = $"\"K2\" {text} NULL, \"K3\" {text} NULL, \"K4\" {text} NULL";
        yield return CreateTable(schema, ChangeLog, $"\"Id\" bigint IDENTITY NOT NULL PRIMARY KEY, \"Table\" nvarchar(200) {Collation} NOT NULL, \"K1\" {text} NOT NULL, {keys}");
        yield return CreateTable(
            schema, Checkpoints, $"\"Table\" nvarchar(200) {Collation} NOT NULL PRIMARY KEY, \"K1\" {text} NULL, {keys}, \"Rows\" bigint NOT NULL, \"IsDone\" bit NOT NULL");
    }

    public override IEnumerable<string> DropPlumbing(string schema) => new[] { ChangeLog, Checkpoints }.Select(t => DropTable(schema, t));

    /// <remarks>Who writes the tables needs no right on the change log: it has the same owner as the triggers.</remarks>
    public override IEnumerable<string> CreateTriggers(string schema, MovedTable table)
    {
        var name = Table(schema, table.Name);
        var (capture, deny) = (Table(schema, CapturePrefix + table), Table(schema, DenyPrefix + table));
        string Keys(string rows) => $"SELECT {Text(table.Name)}, {string.Join(", ", table.KeyColumns.Select(c => $"CONVERT(nvarchar(450), \"{c.Name}\")"))} FROM {rows}";
        foreach (var statement in DropTriggers(schema, table))
        {
            yield return statement;
        }

        // CREATE TRIGGER is alone in its batch. UNION: the old and the new key of a row, once where they are the same.
        yield return $"""
            CREATE TRIGGER {capture} ON {name} AFTER INSERT, UPDATE, DELETE AS
            BEGIN
              SET NOCOUNT ON;
              IF SESSION_CONTEXT(N'{Flag}') IS NOT NULL RETURN;
              INSERT INTO {Table(schema, ChangeLog)} ({LogColumns(table)}) {Keys("deleted")} UNION {Keys("inserted")};
            END
            """;
        yield return $"DISABLE TRIGGER {capture} ON {name}";
        // It fires for the statement: an UPDATE that finds no row is refused as well.
        yield return $"""
            CREATE TRIGGER {deny} ON {name} AFTER INSERT, UPDATE, DELETE AS
            BEGIN
              SET NOCOUNT ON;
              IF SESSION_CONTEXT(N'{Flag}') IS NULL BEGIN ROLLBACK; THROW 51000, '{Moved}', 1; END;
            END
            """;
        yield return $"DISABLE TRIGGER {deny} ON {name}";
    }

    public override IEnumerable<string> DropTriggers(string schema, MovedTable table) =>
        new[] { CapturePrefix, DenyPrefix }.Select(prefix => $"DROP TRIGGER IF EXISTS {Table(schema, prefix + table)}");

    public override async Task<bool> HasTableAsync(DbConnection connection, DbTransaction? transaction, string schema, string table, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<int>(transaction, "SELECT OBJECT_ID(@table, N'U')", cancellationToken, ("@table", NameOf(schema, table))) != 0;

    public override string RenameTable(string schema, string from, string to) => $"EXEC sp_rename N{Text(NameOf(schema, from))}, N{Text(to)}, N'OBJECT'";

    protected override (int Capture, int Deny) TriggersPerTable => (1, 1);

    public override Task<List<TriggerState>> TriggersAsync(DbConnection connection, DbTransaction? transaction, string schema, CancellationToken cancellationToken) => connection.QueryAsync(
        transaction,
        $"SELECT g.name, g.is_disabled, CONCAT(g.object_id, N'.', CONVERT(nvarchar(30), g.modify_date, 126)) FROM sys.triggers AS g JOIN sys.tables AS t ON t.object_id = g.parent_id WHERE SCHEMA_NAME(t.schema_id) = @schema AND (g.name LIKE '{CapturePrefix}%' OR g.name LIKE '{DenyPrefix}%')",
        r => new TriggerState(r.GetString(0), !r.GetBoolean(1), r.GetString(2)), cancellationToken, ("@schema", schema));

    /// <remarks>Takes a lock that waits for readers too: not for long, since those that come later wait behind it.</remarks>
    public override async Task SwitchTriggersAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, bool? capture, bool? deny, CancellationToken cancellationToken)
    {
        var sql = tables.InOrder.SelectMany(table => new[] { (Prefix: CapturePrefix, On: capture), (Prefix: DenyPrefix, On: deny) }.Where(s => s.On is not null)
            .Select(s => $"{(s.On is true ? "ENABLE" : "DISABLE")} TRIGGER {Table(schema, s.Prefix + table)} ON {Table(schema, table.Name)};"));
        try
        {
            // Where writers are locked out already the session is in a greater hurry.
            await connection.ExecuteAsync(transaction, $"IF @@LOCK_TIMEOUT > 2000 {Hurried} {string.Concat(sql)} {Patient}", cancellationToken);
        }
        catch (SqlException e) when (IsBlocked(e))
        {
            throw new FenceBlockedException(e);
        }
    }

    /// <remarks>A lock on the whole table that readers pass and no writer does. It has to read a row: TOP 0 reads, and locks, nothing.</remarks>
    public override async Task LockOutWritersAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken)
    {
        var locks = string.Concat(tables.InOrder.Select(t => $"SELECT TOP (1) @one = 1 FROM {Table(schema, t.Name)} WITH (TABLOCK, HOLDLOCK);"));
        // The server counts for each table, the program for all of them.
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(LongestWaitForWriters);
        try
        {
            await connection.ExecuteAsync(
                transaction,
                $"SET LOCK_TIMEOUT {(int)LongestWaitForWriters.TotalMilliseconds}; DECLARE @one int; {locks} SET LOCK_TIMEOUT {(int)LongestWaitForReaders.TotalMilliseconds};", attempt.Token);
        }
        catch (Exception e) when (IsBlocked(e) || (attempt.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is SqlException or OperationCanceledException))
        {
            throw new FenceBlockedException(e);
        }
    }

    /// <remarks>Reads of the tables keep their triggers from being switched; who reads for long is found out while the switch can still be taken back.</remarks>
    public override Task HurryToOpenAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, $"SET LOCK_TIMEOUT {(int)LongestWaitForReaders.TotalMilliseconds};", cancellationToken);

    public override Task LimitLockWaitAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, Hurried, cancellationToken);

    public override async Task<string?> BlockersAsync(DbConnection connection, string schema, MovedTables tables, CancellationToken cancellationToken)
    {
        try
        {
            var blockers = await connection.QueryAsync(
                null,
                """
                SELECT TOP (3) CAST(s.session_id AS int), COALESCE(NULLIF(s.program_name, N''), s.login_name), s.status, DATEDIFF(second, a.transaction_begin_time, SYSDATETIME()), LEFT(q.text, 100)
                FROM sys.dm_exec_sessions AS s
                JOIN sys.dm_tran_session_transactions AS st ON st.session_id = s.session_id
                JOIN sys.dm_tran_active_transactions AS a ON a.transaction_id = st.transaction_id
                OUTER APPLY (SELECT TOP (1) c.most_recent_sql_handle FROM sys.dm_exec_connections AS c WHERE c.session_id = s.session_id) AS c
                OUTER APPLY sys.dm_exec_sql_text(c.most_recent_sql_handle) AS q
                WHERE s.session_id <> @@SPID AND EXISTS (
                  SELECT 1 FROM sys.dm_tran_locks AS l WHERE l.request_session_id = s.session_id AND l.resource_database_id = DB_ID() AND l.resource_type = N'OBJECT'
                  AND l.request_status = N'GRANT' AND OBJECT_SCHEMA_NAME(CASE WHEN l.resource_type = N'OBJECT' THEN CAST(l.resource_associated_entity_id AS int) END) = @schema)
                ORDER BY a.transaction_begin_time
                """,
                reader => $"session {reader.GetInt32(0)} ({reader.GetText(1)}, {reader.GetText(2)}, in its transaction for {reader.GetInt32(3)} s: {reader.GetText(4)})",
                cancellationToken, ("@schema", schema));
            return blockers.Count == 0 ? null : string.Join("; ", blockers);
        }
        catch (SqlException)
        {
            // It takes the right to see the state of the server (VIEW SERVER STATE), which a move can do without: who blocks it is not why it fails.
            return null;
        }
    }

    /// <remarks>
    /// UUIDs by their last six bytes first. Text by UTF-16 code unit and not by code point, which nvarchar with a BIN2 collation
    /// is sorted by (and .NET's ordinal order is), as if the shorter one ended in spaces.
    /// </remarks>
    public override int Compare(object one, object other) => (one, other) switch
    {
        (Guid a, Guid b) => new SqlGuid(a).CompareTo(new SqlGuid(b)),
        (string a, string b) => string.CompareOrdinal(a.PadRight(b.Length), b.PadRight(a.Length)),
        _ => ((IComparable)one).CompareTo(other),
    };

    public override Task<List<object?[]>> ReadRowsAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken) => SqlServerRows.SelectAsync(
            connection, transaction, Select(transaction, table.Columns, schema, table), table, where, values, reader => reader.ReadRow(table), cancellationToken);

    public override Task<List<RowKey>> ReadKeysAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken) => SqlServerRows.SelectAsync(
            connection, transaction, Select(transaction, table.KeyColumns, schema, table), table, where, values, reader => reader.ReadKey(table), cancellationToken);

    public override Task InsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken) =>
        SqlServerRows.LoadAsync(
            connection, transaction, Table(schema, table.Name), SqlBulkCopyOptions.CheckConstraints | SqlBulkCopyOptions.TableLock, table, rows, cancellationToken);

    public override Task UpsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken) =>
        SqlServerRows.UpsertAsync(connection, transaction, Table(schema, table.Name), table, rows, cancellationToken);

    public override Task DeleteAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellationToken) =>
        SqlServerRows.DeleteAsync(connection, transaction, Table(schema, table.Name), table, keys, cancellationToken);

    public override string SizeSql => SqlServerRows.SizeSql;

    public override Task DeleteLogAsync(DbConnection connection, DbTransaction transaction, string schema, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        SqlServerRows.DeleteAsync(connection, transaction, Table(schema, ChangeLog), ids, cancellationToken);

    public override string ReadLogSql(string schema, int most) => $"SELECT TOP ({most}) \"Id\", \"Table\", \"K1\", \"K2\", \"K3\", \"K4\" FROM {Table(schema, ChangeLog)} ORDER BY \"Id\"";

    public override string CountLogSql(string schema, int most) => $"SELECT COUNT_BIG(*) FROM (SELECT TOP ({most}) \"Id\" FROM {Table(schema, ChangeLog)}) AS l";

    public override bool IsRefusedValue(Exception exception) => exception is RefusedValueException or SqlException
    {
        // null, foreign key or check, duplicate, too long, out of range, not of the type
        Number: 515 or 547 or 2601 or 2627 or 2628 or 8152 or 220 or 232 or 8114 or 8115 or 241 or 242 or 245 or 8169,
    };

    protected override string CreateTable(string schema, string table, string columns) =>
        $"IF OBJECT_ID(N{Text(NameOf(schema, table))}, N'U') IS NULL CREATE TABLE {Table(schema, table)} ({columns})";

    /// <remarks>The connections that chunks are read on write nothing, and stay in this isolation level.</remarks>
    protected override string First(int most, string selection) => $"{AsCommitted} SELECT TOP ({most}) {selection}";

    private string Select(DbTransaction? transaction, IEnumerable<MovedColumn> columns, string schema, MovedTable table) =>
        $"{(transaction is null ? AsCommitted : "")} SELECT {string.Join(", ", columns.Select(c => $"t.\"{c.Name}\""))} FROM {Table(schema, table.Name)} AS t";

    private static string SetFlag(string value) => $"EXEC sp_set_session_context N'{Flag}', {value};";

    /// <summary>As functions and procedures of the system take it.</summary>
    private static string NameOf(string schema, string table) => $"[{schema}].[{table}]";

    /// <summary>A lock that was not given in time, or the victim of a deadlock.</summary>
    public override bool IsBlocked(Exception exception) => exception is SqlException { Number: 1222 or 1205 } or FenceBlockedException;
}
