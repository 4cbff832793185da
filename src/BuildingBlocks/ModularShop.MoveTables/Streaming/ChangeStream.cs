using System.Data.Common;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>
/// Carries changes from the database that is written to the one that follows: reads a batch of the change log and, in the
/// same snapshot, the rows it names as they are now; makes them so in the other database, in one transaction; and only
/// then takes them off the log.
/// </summary>
/// <remarks>
/// A crash before the commit over there: nothing has happened. After it: the same keys are read again, in a newer state,
/// and made so again. The log is consumed row by row and never by a position, so that it does not matter which transaction
/// got its number first and which committed first.
/// </remarks>
internal sealed class ChangeStream(MoveSide from, MoveSide to, Guid workflow, long epoch, MoveSteps steps, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Log rows per batch.</summary>
    public const int Most = 1000;

    public const int MostCounted = 100_000;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);

    private DbConnection? _source;
    private DbConnection? _target;
    private long _said;

    /// <summary>Since when the two are known to be equal: the time of the last snapshot whose log was empty or was applied to its end.</summary>
    public DateTime? CaughtUpAt { get; private set; }

    public long Applied { get; private set; }

    /// <summary>One batch.</summary>
    /// <param name="isCopied">While rows are being copied: those whose turn is still to come are left to the copy. Null once all are.</param>
    /// <returns>Whether it held all there was: at its snapshot the two databases were equal.</returns>
    public async Task<bool> StepAsync(Func<MovedTable, RowKey, bool>? isCopied, CancellationToken cancellationToken)
    {
        _source ??= await from.OpenAsync(cancellationToken);
        _target ??= isCopied is null ? await to.OpenAsync(cancellationToken) : await to.OpenForLoadAsync(cancellationToken);
        var (batch, ids) = (new Batch(), new List<long>());
        var at = from.Now;
        await using (var snapshot = await from.Engine.BeginSnapshotAsync(_source, cancellationToken))
        {
            var log = await _source.QueryAsync(
                snapshot, from.Engine.ReadLogSql(from.Schema, Most),
                r => (Id: r.GetInt64(0), Table: from.Tables[r.GetString(1)], Key: new[] { r.GetText(2), r.GetText(3), r.GetText(4), r.GetText(5) }), cancellationToken);
            foreach (var (id, table, texts) in log)
            {
                ids.Add(id);
                var key = RowKey.Parse(table, texts);
                if (isCopied is null || isCopied(table, key))
                {
                    batch.Add(table, key);
                }
            }

            if (isCopied is null)
            {
                await batch.CloseAsync(from, _source, snapshot, to, _target, cancellationToken);
            }
            else
            {
                await batch.ReadAsync(from, _source, snapshot, cancellationToken);
            }
        }

        var all = ids.Count < Most;
        if (batch.Count > 0 || (all && IsTimeToSay()))
        {
            await steps.DoAsync(
                isCopied is not null ? MoveStep.ChangesApplied : from.Owner is Owner.Monolith ? MoveStep.ChangesCarriedOver : MoveStep.ChangesCarriedBack,
                () => ApplyAsync(batch, isCopied is null, all ? at : null, cancellationToken));
        }

        if (ids.Count > 0)
        {
            await steps.DoAsync(MoveStep.ChangesTakenOff, () => from.DeleteLogAsync(_source, ids, epoch, cancellationToken));
            Applied += ids.Count;
        }

        CaughtUpAt = all ? at : CaughtUpAt;
        return all;
    }

    /// <summary>Rows of the change log that are still to be applied, as far as <see cref="MostCounted"/>: more of them take longer to count than to apply.</summary>
    public async Task<long> LagAsync(CancellationToken cancellationToken)
    {
        _source ??= await from.OpenAsync(cancellationToken);
        return await _source.ScalarAsync<long>(null, from.Engine.CountLogSql(from.Schema, MostCounted), cancellationToken);
    }

    /// <summary>Says where the other database stands and why it goes no further.</summary>
    public async Task SayStoppedAsync(string reason, CancellationToken cancellationToken)
    {
        await using var connection = await to.OpenAsync(cancellationToken);
        await using var transaction = await to.BeginAsync(connection, epoch, cancellationToken);
        await transaction.StopReplicationAsync(reason, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _said = 0;
    }

    public async ValueTask DisposeAsync()
    {
        await (_source?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_target?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task ApplyAsync(Batch batch, bool isRunning, DateTime? caughtUpAt, CancellationToken cancellationToken)
    {
        await using var transaction = await to.BeginAsync(_target!, epoch, cancellationToken);
        await transaction.BeginReplicatingAsync(cancellationToken);
        foreach (var (table, keys) in batch.Deletes(from.Tables))
        {
            await transaction.DeleteAsync(table, keys, cancellationToken);
        }

        foreach (var (table, rows) in batch.Upserts(from.Tables))
        {
            await transaction.UpsertAsync(table, rows, cancellationToken);
        }

        await batch.VerifyAsync(transaction, cancellationToken);
        await transaction.RecordReplicationAsync(
            workflow, epoch, isRunning ? ReplicationState.Running : ReplicationState.Copying, isRunning ? caughtUpAt : null, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _said = time.GetTimestamp();
    }

    private bool IsTimeToSay() => _said == 0 || time.GetElapsedTime(_said) >= Heartbeat;
}
