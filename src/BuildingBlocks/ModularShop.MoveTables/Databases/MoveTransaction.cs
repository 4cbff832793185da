using System.Data.Common;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>A transaction of the coordinator in one of the two databases; disposing of it without <see cref="CommitAsync"/> rolls back.</summary>
internal sealed class MoveTransaction(MoveSide side, DbConnection connection, DbTransaction transaction, IDisposable turn) : IAsyncDisposable
{
    private bool _replicating;

    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    private Engine Engine => side.Engine;

    public async Task BeginReplicatingAsync(CancellationToken cancellationToken)
    {
        _replicating = true;
        await Engine.BeginReplicatingAsync(connection, transaction, side.Schema, cancellationToken);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_replicating)
        {
            await Engine.EndReplicatingAsync(connection, transaction, side.Schema, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        connection.ExecuteAsync(transaction, sql, cancellationToken, parameters);

    /// <param name="table">Of this one alone, where the engine tells them apart; null for all.</param>
    public Task SwitchTriggersAsync(bool? capture, bool? deny, CancellationToken cancellationToken, MovedTable? table = null) =>
        Engine.SwitchTriggersAsync(connection, transaction, side.Schema, table is null ? side.Tables : MovedTables.Of(table), capture, deny, cancellationToken);

    public Task HoldOffMaintenanceAsync(CancellationToken cancellationToken) => Engine.HoldOffMaintenanceAsync(connection, transaction, side.Schema, side.Tables, cancellationToken);

    public Task HurryToOpenAsync(CancellationToken cancellationToken) => Engine.HurryToOpenAsync(connection, transaction, side.Schema, side.Tables, cancellationToken);

    public Task LockOutWritersAsync(CancellationToken cancellationToken) => Engine.LockOutWritersAsync(connection, transaction, side.Schema, side.Tables, cancellationToken);

    public Task InsertAsync(MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken) =>
        Engine.InsertAsync(connection, transaction, side.Schema, side.Own(table), rows, cancellationToken);

    public Task UpsertAsync(MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken) =>
        Engine.UpsertAsync(connection, transaction, side.Schema, side.Own(table), rows, cancellationToken);

    public Task DeleteAsync(MovedTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellationToken) =>
        Engine.DeleteAsync(connection, transaction, side.Schema, side.Own(table), keys, cancellationToken);

    public Task<List<object?[]>> ReadRowsAsync(MovedTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellationToken) =>
        side.ReadRowsAsync(connection, transaction, table, table.Key, [.. keys.Select(k => k.Values)], cancellationToken);

    /// <summary>Who owns the module's data, as this database says it; only where it said <paramref name="from"/> so far.</summary>
    /// <exception cref="OwnerChangedException">It says something else.</exception>
    public async Task RecordOwnerAsync(Ownership from, Ownership to, string by, string reason, CancellationToken cancellationToken)
    {
        var parameters = new (string, object?)[]
        {
            ("@module", side.Module), ("@owner", to.Owner.ToString()), ("@epoch", to.Epoch), ("@fenced", to.IsFenced), ("@at", side.Now), ("@by", by),
            ("@reason", Short(reason)), ("@from", from.Epoch),
        };
        if (await ExecuteAsync(
            $"UPDATE {side.Table("ownership")} SET \"Owner\" = @owner, \"Epoch\" = @epoch, \"Fenced\" = @fenced, \"ChangedAt\" = @at, \"By\" = @by, \"Reason\" = @reason WHERE \"Module\" = @module AND \"Epoch\" = @from",
            cancellationToken, parameters) == 0
            && (from != Ownerships.AtFirst || await ExecuteAsync(
                $"INSERT INTO {side.Table("ownership")} (\"Module\", \"Owner\", \"Epoch\", \"Fenced\", \"ChangedAt\", \"By\", \"Reason\") SELECT @module, @owner, @epoch, @fenced, @at, @by, @reason WHERE @from = @from AND NOT EXISTS (SELECT 1 FROM {side.Table("ownership")} WHERE \"Module\" = @module)",
                cancellationToken, parameters) == 0))
        {
            throw new OwnerChangedException($"The owner of {side.Module} in {side.Name} is no longer that of epoch {from.Epoch}: somebody else has changed it. Look at './shop move status {side.Module}'.");
        }
    }

    /// <summary>How far this database follows the other one.</summary>
    public async Task RecordReplicationAsync(Guid workflow, long epoch, ReplicationState state, DateTime? caughtUpAt, string? reason, CancellationToken cancellationToken)
    {
        var parameters = new (string, object?)[]
        {
            ("@module", side.Module), ("@workflow", workflow), ("@epoch", epoch), ("@state", state.ToString()), ("@caughtUp", caughtUpAt), ("@at", side.Now),
            ("@reason", Short(reason)),
        };
        if (await ExecuteAsync(
            $"UPDATE {side.Table("replication")} SET \"Workflow\" = @workflow, \"Epoch\" = @epoch, \"State\" = @state, \"CaughtUpAt\" = COALESCE(@caughtUp, \"CaughtUpAt\"), \"At\" = @at, \"Reason\" = @reason WHERE \"Module\" = @module",
            cancellationToken, parameters) == 0)
        {
            await ExecuteAsync(
                $"INSERT INTO {side.Table("replication")} (\"Module\", \"Workflow\", \"Epoch\", \"State\", \"CaughtUpAt\", \"At\", \"Reason\") VALUES (@module, @workflow, @epoch, @state, @caughtUp, @at, @reason)",
                cancellationToken, parameters);
        }
    }

    /// <summary>This database goes no further, if it follows at all.</summary>
    public Task StopReplicationAsync(string reason, CancellationToken cancellationToken) => ExecuteAsync(
        $"UPDATE {side.Table("replication")} SET \"State\" = @state, \"At\" = @at, \"Reason\" = @reason WHERE \"Module\" = @module", cancellationToken,
        ("@module", side.Module), ("@state", ReplicationState.Stopped.ToString()), ("@at", side.Now), ("@reason", Short(reason)));

    public Task EndReplicationAsync(CancellationToken cancellationToken) =>
        ExecuteAsync($"DELETE FROM {side.Table("replication")} WHERE \"Module\" = @module", cancellationToken, ("@module", side.Module));

    /// <summary>As long as the column takes it.</summary>
    private static string? Short(string? reason) => reason is { Length: > 500 } ? reason[..500] : reason;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            turn.Dispose();
        }
    }
}

/// <summary>The owner of the data is not who a step took for it.</summary>
internal sealed class OwnerChangedException(string message) : Exception(message);
