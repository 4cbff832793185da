using System.Data.Common;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>From a recorded move to one that copies: triggers on both sides, changes recorded, the service's tables closed to all but the copy.</summary>
internal sealed class Preparation(MovePair pair, MoveStore store, MoveSteps steps)
{
    /// <remarks>Every step can be done again: a coordinator that dies in between is followed by one that begins here.</remarks>
    public async Task RunAsync(DbConnection host, Move move, long epoch, CancellationToken cancellationToken)
    {
        await using var service = await pair.Service.OpenAsync(cancellationToken);
        await steps.DoAsync(MoveStep.PlumbingMade, async () =>
        {
            await MakeAsync(pair.Host, host, epoch, cancellationToken);
            await MakeAsync(pair.Service, service, epoch, cancellationToken);
        });
        await steps.DoAsync(MoveStep.TargetDenied, async () =>
        {
            await using var transaction = await pair.Service.BeginAsync(service, epoch, cancellationToken);
            await transaction.SwitchTriggersAsync(capture: false, deny: true, cancellationToken);
            await transaction.RecordReplicationAsync(move.Id, epoch, ReplicationState.Copying, null, null, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        });
        await steps.DoAsync(MoveStep.CaptureBegun, () => BeginCaptureAsync(host, epoch, cancellationToken));
        await PrepareCopyAsync(epoch, cancellationToken);
        await steps.DoAsync(MoveStep.CopyBegun, async () =>
        {
            await using var transaction = await pair.Host.BeginAsync(host, epoch, cancellationToken);
            await store.EnterAsync(transaction, move.Id, MoveState.Created, MoveState.Copying, move.CreatedBy, "Changes are recorded; rows are being copied.", null, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        });
    }

    /// <summary>While rows are loaded, in whatever order, nothing over there looks at what they name.</summary>
    public Task PrepareCopyAsync(long epoch, CancellationToken cancellationToken) => steps.DoAsync(MoveStep.CopyPrepared, () => ChangeSchemaAsync(pair.Indexes.Drop, isWhole: false, epoch, cancellationToken));

    /// <summary>All rows are there: the indexes and foreign keys of the module's migrations, checked.</summary>
    public Task RestoreIndexesAsync(long epoch, CancellationToken cancellationToken) => steps.DoAsync(MoveStep.IndexesRestored, () => ChangeSchemaAsync(pair.Indexes.Restore, isWhole: true, epoch, cancellationToken));

    private async Task ChangeSchemaAsync(IReadOnlyList<string> statements, bool isWhole, long epoch, CancellationToken cancellationToken)
    {
        await using var connection = await pair.Service.OpenForLoadAsync(cancellationToken);
        await using var transaction = await pair.Service.BeginAsync(connection, epoch, cancellationToken);
        foreach (var statement in statements)
        {
            await connection.ExecuteLongAsync(transaction.Transaction, statement, cancellationToken);
        }

        if (isWhole)
        {
            await pair.Service.Engine.CheckForeignKeysAsync(connection, transaction.Transaction, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task BeginCaptureAsync(DbConnection host, long epoch, CancellationToken cancellationToken)
    {
        await using var transaction = await pair.Host.BeginAsync(host, epoch, cancellationToken);
        // A write under way whose first half is not recorded would be missed: it ends first.
        await transaction.LockOutWritersAsync(cancellationToken);
        await transaction.SwitchTriggersAsync(capture: true, deny: false, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The triggers of all tables, off where nothing else is said, and what they need.</summary>
    /// <remarks>Of one table at a time: its lock is waited for briefly, and no other one is held meanwhile.</remarks>
    public static async Task MakeAsync(MoveSide side, DbConnection connection, long epoch, CancellationToken cancellationToken, bool capture = false, bool deny = false)
    {
        await using (var transaction = await side.BeginAsync(connection, epoch, cancellationToken))
        {
            foreach (var statement in side.Engine.CreatePlumbing(side.Schema))
            {
                await transaction.ExecuteAsync(statement, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var table in side.Tables.InOrder)
        {
            await using var transaction = await side.BeginAsync(connection, epoch, cancellationToken);
            await side.Engine.LimitLockWaitAsync(connection, transaction.Transaction, cancellationToken);
            foreach (var statement in side.Engine.CreateTriggers(side.Schema, table))
            {
                await transaction.ExecuteAsync(statement, cancellationToken);
            }

            await transaction.SwitchTriggersAsync(capture, deny, cancellationToken, table);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
