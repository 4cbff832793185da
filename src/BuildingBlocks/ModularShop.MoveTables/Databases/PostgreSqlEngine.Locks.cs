using System.Data.Common;
using Npgsql;

namespace ModularShop.MoveTables;

/// <remarks>Who waits for whom, and for how long.</remarks>
internal sealed partial class PostgreSqlEngine
{
    /// <remarks>Autovacuum gives way to this lock after a second, and to no attempt of 300 ms.</remarks>
    public override Task HoldOffMaintenanceAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, $"SET LOCAL lock_timeout = '5s'; LOCK TABLE {Names(schema, tables)} IN SHARE UPDATE EXCLUSIVE MODE;", cancellationToken);

    public override Task LockOutWritersAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken) =>
        LockAsync(connection, transaction, schema, tables, cancellationToken);

    /// <remarks>As <see cref="LockOutWritersAsync"/>: switching triggers takes the same lock, and waits for as long as it takes to get it.</remarks>
    public override Task HurryToOpenAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken) =>
        LockAsync(connection, transaction, schema, tables, cancellationToken);

    private static async Task LockAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken)
    {
        try
        {
            // lock_timeout counts for each table, statement_timeout for all of them, from the next message on.
            await connection.ExecuteAsync(transaction, $"SET LOCAL statement_timeout = {(int)LongestAttempt.TotalMilliseconds}", cancellationToken);
            await connection.ExecuteAsync(transaction, $"LOCK TABLE {Names(schema, tables)} IN SHARE ROW EXCLUSIVE MODE", cancellationToken);
            await connection.ExecuteAsync(transaction, "SET LOCAL statement_timeout = 0", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            throw new FenceBlockedException(e);
        }
    }

    private static string Names(string schema, MovedTables tables) => string.Join(", ", tables.InOrder.Select(t => $"\"{schema}\".\"{t.Name}\""));

    /// <remarks>One that was stopped in the middle of a COPY is not idle, as the server sees it, and keeps what it has locked until its connection ends.</remarks>
    public override Task EndPredecessorsAsync(DbConnection connection, string schema, string module, long epoch, CancellationToken cancellationToken) => connection.ExecuteAsync(
        null,
        $"""
        SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
        WHERE a.application_name = '{Application}' AND a.usename = current_user AND a.pid <> pg_backend_pid()
        AND l.relation = '{Table(schema, Coordinator)}'::regclass AND l.mode = 'RowExclusiveLock' AND l.granted
        AND EXISTS (SELECT 1 FROM {Table(schema, Coordinator)} WHERE "Module" = @module AND "Epoch" < @epoch)
        """,
        cancellationToken, ("@module", module), ("@epoch", epoch));

    public override bool IsBlocked(Exception exception) =>
        exception is FenceBlockedException or PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected };

    public override Task LimitLockWaitAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, $"SET LOCAL lock_timeout = {(int)LongestAttempt.TotalMilliseconds}", cancellationToken);

    public override async Task<string?> BlockersAsync(DbConnection connection, string schema, MovedTables tables, CancellationToken cancellationToken)
    {
        var blockers = await connection.QueryAsync(
            null,
            """
            SELECT a.pid, coalesce(nullif(a.application_name, ''), a.backend_type), a.state, CAST(extract(epoch FROM now() - a.xact_start) AS int), left(a.query, 100)
            FROM pg_stat_activity a WHERE a.pid <> pg_backend_pid() AND a.xact_start < now() - interval '300 milliseconds' AND EXISTS (
              SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE l.pid = a.pid AND l.granted AND n.nspname = @schema AND l.mode <> 'AccessShareLock') ORDER BY a.xact_start LIMIT 3
            """,
            reader => $"process {reader.GetInt32(0)} ({reader.GetText(1)}, {reader.GetText(2)}, in its transaction for {reader.GetInt32(3)} s: {reader.GetText(4)})",
            cancellationToken, ("@schema", schema));
        return blockers.Count == 0 ? null : string.Join("; ", blockers);
    }
}
