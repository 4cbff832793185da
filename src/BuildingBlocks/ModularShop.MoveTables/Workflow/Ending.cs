using System.Data.Common;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>Ends a move: the host's tables retire, or all that was made for it goes again.</summary>
/// <remarks>Every step can be done again.</remarks>
/// <param name="lastReads">How long whoever has not heard of it may still answer reads from tables that are about to go.</param>
internal sealed class Ending(MovePair pair, MoveStore store, MoveSteps steps, Move move, long epoch, TimeSpan lastReads)
{
    private const string Retired = "_retired_";

    private const int MostAttempts = 20;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    /// <param name="dropNow">Whether the host's old tables go at once.</param>
    public async Task CompleteAsync(DbConnection host, bool dropNow, CancellationToken cancellationToken)
    {
        await steps.DoAsync(MoveStep.SourceClosed, () => CloseAsync(pair.Host, host, ReplicationState.Retired, cancellationToken));
        await Task.Delay(lastReads, cancellationToken);
        await using var service = await pair.Service.OpenAsync(cancellationToken);
        await steps.DoAsync(MoveStep.TargetFreed, () => FreeAsync(pair.Service, service, cancellationToken));
        await steps.DoAsync(MoveStep.SourceRetired, async () =>
        {
            await using var transaction = await pair.Host.BeginAsync(host, epoch, cancellationToken);
            await RemoveAsync(pair.Host, transaction, cancellationToken);
            foreach (var table in pair.Tables.InOrder)
            {
                if (await pair.Host.Engine.HasTableAsync(host, transaction.Transaction, pair.Host.Schema, table.Name, cancellationToken))
                {
                    await transaction.ExecuteAsync(pair.Host.Engine.RenameTable(pair.Host.Schema, table.Name, Retired + table.Name), cancellationToken);
                }
            }

            await transaction.CommitAsync(cancellationToken);
        });
        if (dropNow)
        {
            await DropRetiredAsync(pair, host, cancellationToken);
        }

        await steps.DoAsync(MoveStep.CompleteRecorded, () => EnterAsync(
            host, MoveState.Completing, MoveState.Completed, $"The service's database alone holds the data; the host's old tables {(dropNow ? "are dropped" : "are kept for a while as _retired_…")}.", cancellationToken));
    }

    /// <summary>The host's old tables, with all that is in them.</summary>
    public static async Task DropRetiredAsync(MovePair pair, DbConnection host, CancellationToken cancellationToken)
    {
        foreach (var table in pair.Tables.InOrder.Reverse())
        {
            await host.ExecuteLongAsync(null, pair.Host.Engine.DropTable(pair.Host.Schema, Retired + table.Name), cancellationToken);
        }
    }

    /// <param name="abandonTarget">A service's database that does not answer, or cannot be emptied, is left as it is.</param>
    /// <exception cref="SwitchRefusedException">The service's database does not answer; the host's is free of the move.</exception>
    public async Task CancelAsync(DbConnection host, bool abandonTarget, CancellationToken cancellationToken)
    {
        DbConnection? service = null;
        Exception? away = null;
        try
        {
            service = await OpenTargetAsync(host, cancellationToken);
        }
        catch (Exception e) when (e is not CoordinatorReplacedException && (e.IsDatabaseUnavailable() || abandonTarget))
        {
            // Nothing is carried over to it any more: once it is too far behind it answers nothing.
            away = e;
        }

        await using (service)
        {
            if (service is not null)
            {
                // What is about to be empty answers nothing any more.
                await steps.DoAsync(MoveStep.TargetClosed, () => CloseAsync(pair.Service, service, ReplicationState.Stopped, cancellationToken));
            }

            await Task.Delay(lastReads, cancellationToken);
            await steps.DoAsync(MoveStep.SourceFreed, () => FreeAsync(pair.Host, host, cancellationToken));
            if (service is not null)
            {
                try
                {
                    await steps.DoAsync(MoveStep.TargetEmptied, () => EmptyAsync(service, cancellationToken));
                }
                catch (Exception e) when (e is not CoordinatorReplacedException && abandonTarget)
                {
                    away = e;
                }
            }
            else if (away is not null && !abandonTarget)
            {
                throw new SwitchRefusedException(
                    $"{pair.Target} does not answer: {away.DatabaseMessage()} Nothing of the move is left in the host's database; that one is emptied when it answers. If it never will: './shop move cancel {pair.Module.Schema} --abandon-target'.",
                    away);
            }
        }

        await steps.DoAsync(MoveStep.CancelRecorded, () => EnterAsync(
            host, MoveState.Cancelling, MoveState.Cancelled,
            away is not null ? $"{pair.Target} was left as it was: {away.DatabaseMessage()} In the host's database nothing is left of the move but its history."
            : service is null ? $"Nothing is left of the move but its history; in {pair.Target} there was nothing of it." : "Nothing is left of the move but its history.", cancellationToken));
    }

    /// <returns>Null where nothing of this move is in that database.</returns>
    private async Task<DbConnection?> OpenTargetAsync(DbConnection host, CancellationToken cancellationToken)
    {
        var service = await pair.Service.OpenForLoadAsync(cancellationToken);
        try
        {
            if (await new Admission(pair, store, epoch).AdmitAsync(host, service, move, cancellationToken))
            {
                return service;
            }
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        await service.DisposeAsync();
        return null;
    }

    private async Task EmptyAsync(DbConnection service, CancellationToken cancellationToken)
    {
        await using var transaction = await pair.Service.BeginAsync(service, epoch, cancellationToken);
        await RemoveAsync(pair.Service, transaction, cancellationToken);
        foreach (var table in pair.Tables.InOrder.Reverse())
        {
            await service.ExecuteLongAsync(transaction.Transaction, $"DELETE FROM {pair.Service.Table(table.Name)}", cancellationToken);
        }

        // The copy may have been under way without them.
        foreach (var statement in pair.Indexes.Restore)
        {
            await service.ExecuteLongAsync(transaction.Transaction, statement, cancellationToken);
        }

        foreach (var table in new[] { "replication", "ownership" })
        {
            await transaction.ExecuteAsync($"DELETE FROM {pair.Service.Table(table)} WHERE \"Module\" = @module", cancellationToken, ("@module", pair.Module.Name));
        }

        await transaction.ExecuteAsync($"UPDATE {pair.Service.Table(Engine.Coordinator)} SET \"Workflow\" = NULL WHERE \"Module\" = @module", cancellationToken, ("@module", pair.Module.Name));
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task EnterAsync(DbConnection host, MoveState from, MoveState state, string what, CancellationToken cancellationToken)
    {
        await using var transaction = await pair.Host.BeginAsync(host, epoch, cancellationToken);
        await store.EnterAsync(transaction, move.Id, from, state, move.Command?.By ?? move.CreatedBy, what, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Nothing is read there from now on, once everybody has heard of it.</summary>
    private async Task CloseAsync(MoveSide side, DbConnection connection, ReplicationState state, CancellationToken cancellationToken)
    {
        await using var transaction = await side.BeginAsync(connection, epoch, cancellationToken);
        await transaction.RecordReplicationAsync(move.Id, epoch, state, null, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <remarks>Of tables that are in use: one at a time, and none is held up for longer than an attempt takes.</remarks>
    private async Task FreeAsync(MoveSide side, DbConnection connection, CancellationToken cancellationToken)
    {
        foreach (var table in side.Tables.InOrder)
        {
            for (var attempt = 1; !await TryFreeAsync(side, table, connection, isLast: attempt == MostAttempts, cancellationToken); attempt++)
            {
                await Task.Delay(BetweenAttempts, cancellationToken);
            }
        }

        await using var transaction = await side.BeginAsync(connection, epoch, cancellationToken);
        await RemovePlumbingAsync(side, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<bool> TryFreeAsync(MoveSide side, MovedTable table, DbConnection connection, bool isLast, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await side.BeginAsync(connection, epoch, cancellationToken);
            await RemoveTriggersAsync(side, table, transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (side.Engine.IsBlocked(e) && !isLast)
        {
            return false;
        }
    }

    private static async Task RemoveAsync(MoveSide side, MoveTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var table in side.Tables.InOrder)
        {
            await RemoveTriggersAsync(side, table, transaction, cancellationToken);
        }

        await RemovePlumbingAsync(side, transaction, cancellationToken);
    }

    private static async Task RemoveTriggersAsync(MoveSide side, MovedTable table, MoveTransaction transaction, CancellationToken cancellationToken)
    {
        if (await side.Engine.HasTableAsync(transaction.Connection, transaction.Transaction, side.Schema, table.Name, cancellationToken))
        {
            await side.Engine.LimitLockWaitAsync(transaction.Connection, transaction.Transaction, cancellationToken);
            foreach (var statement in side.Engine.DropTriggers(side.Schema, table))
            {
                await transaction.ExecuteAsync(statement, cancellationToken);
            }
        }
    }

    private static async Task RemovePlumbingAsync(MoveSide side, MoveTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var statement in side.Engine.DropPlumbing(side.Schema))
        {
            await transaction.ExecuteAsync(statement, cancellationToken);
        }
    }
}
