using System.Data.Common;
using System.Diagnostics;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>Moves the right to write from one database to the other; the same there and back.</summary>
/// <remarks>
/// :: Step 0: clients' writes that are under way through this process end, and others wait, for as long as the switch takes.
/// :: Step 1: the tables that are written are fenced, and their owner's row says so, in one transaction.
/// :: Step 2: what is left of the log is carried over and read back.
/// :: Step 3: the other side's tables are opened, and begin to record changes, and its owner's row says so, in one transaction that is left open: whoever keeps them is found out now.
/// :: Step 4: the owner's row of the side that was written names the other one: from here on it goes forward only.
/// :: Step 5: the transaction of step 3 is committed.
/// What fails before step 4 is taken back; what fails after it is finished, by whichever process coordinates the move then.
/// </remarks>
internal sealed partial class Switch(MovePair pair, MoveStore store, MoveSteps steps, WriteTraffic traffic, Move move, long epoch, TimeSpan patience)
{
    /// <summary>How long a write under way is waited for before the tables are locked; the lock waits for those that go on.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    /// <summary>How much longer than the patience with writers a database is waited for that does not answer at all.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <param name="stream">Runs from the side that is written so far to the other one.</param>
    /// <returns>Figures for the history.</returns>
    /// <exception cref="SwitchRefusedException">It did not come about in time; all is as before once it has been taken back.</exception>
    public async Task<object> RunAsync(MoveSide from, MoveSide to, DbConnection host, ChangeStream stream, string by, string reason, CancellationToken cancellationToken)
    {
        var isForward = from == pair.Host;
        await using var service = await pair.Service.OpenAsync(cancellationToken);
        if (!isForward)
        {
            await steps.DoAsync(MoveStep.ReverseBegun, () => EnterAsync(
                host, MoveState.WritesSwitched, MoveState.ReverseFenced, by, "Traffic is about to go back to the host.", returns: MoveState.WritesSwitched, cancellationToken));
        }

        try
        {
            return await HandOverAsync(from, to, host, service, stream, by, reason, cancellationToken);
        }
        catch (Exception) when (!isForward)
        {
            await TryUnfenceServiceAsync(by);
            throw;
        }
    }

    private async Task<object> HandOverAsync(
        MoveSide from, MoveSide to, DbConnection host, DbConnection service, ChangeStream stream, string by, string reason, CancellationToken cancellationToken)
    {
        var isForward = from == pair.Host;
        var (connection, other) = isForward ? (host, service) : (service, host);
        await FindMaintenanceAsync(to, other, cancellationToken);
        var clock = Stopwatch.StartNew();
        var before = stream.Applied;
        await using var writes = traffic.Hold(pair.Module.Name);
        var (fenced, attempts, locked, drained, opening) = await InTimeAsync(async limited =>
        {
            var (fenced, attempts, locked) = await FenceAsync(from, connection, writes, isForward, by, reason, clock, limited);
            // :: Step 2
            await steps.DoAsync(isForward ? MoveStep.Drained : MoveStep.ReverseDrained, () => DrainAsync(stream, clock, limited));
            var drained = clock.Elapsed;
            await FindGapAsync(from, connection, limited);
            // :: Step 3
            return (fenced, attempts, locked, drained, await OpenInTimeAsync(to, new Ownership(to.Owner, fenced.Epoch + 1), other, by, reason, clock, limited));
        }, cancellationToken);
        await using var open = opening;
        // :: Step 4
        var next = new Ownership(to.Owner, fenced.Epoch + 1);
        var evidence = new { attempts, drainedChanges = stream.Applied - before };
        await steps.DoAsync(isForward ? MoveStep.OwnerRecorded : MoveStep.OwnerReturned, async () =>
        {
            await using var transaction = await from.BeginAsync(connection, epoch, cancellationToken);
            await transaction.RecordOwnerAsync(fenced, next, by, reason, cancellationToken);
            // From here on these tables follow: whoever reads them knows how far.
            await transaction.RecordReplicationAsync(move.Id, epoch, ReplicationState.Running, from.Now, null, cancellationToken);
            if (isForward)
            {
                await store.EnterAsync(transaction, move.Id, MoveState.Fenced, MoveState.WritesSwitched, by, "The service owns the data.", evidence, cancellationToken, isOtherWay: true);
            }

            await transaction.CommitAsync(cancellationToken);
        });
        // :: Step 5
        await CommitOpeningAsync(to, opening, cancellationToken);
        return new
        {
            attempts, lockedMilliseconds = (int)(clock.Elapsed - locked).TotalMilliseconds, drainMilliseconds = (int)(drained - locked).TotalMilliseconds,
            totalMilliseconds = (int)clock.Elapsed.TotalMilliseconds, changes = stream.Applied - before, epoch = next.Epoch,
        };
    }

    /// <summary>What writers wait for has to end even where a database neither answers nor breaks the connection.</summary>
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience + Silence);
        try
        {
            return await act(limit.Token);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is not SwitchRefusedException)
        {
            throw new SwitchRefusedException(
                $"A database did not answer within {patience.TotalSeconds} s. Traffic goes on as before. Switch when both answer: './shop move status {pair.Module.Schema}'.", e);
        }
    }

    private async Task<(Ownership Fenced, int Attempts, TimeSpan Locked)> FenceAsync(
        MoveSide from, DbConnection connection, WriteHold writes, bool isForward, string by, string reason, Stopwatch clock, CancellationToken cancellationToken)
    {
        var open = await from.ReadOwnershipAsync(connection, cancellationToken);
        if (open.Owner != from.Owner || open.IsFenced)
        {
            throw new OwnerChangedException($"{pair.Module.Name} is not owned by the {from.Owner} in {from}, but by the {open.Owner} in epoch {open.Epoch}.");
        }

        var fenced = open with { Epoch = open.Epoch + 1, IsFenced = true };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await HoldOffMaintenanceAsync(from, connection, cancellationToken);
                // :: Step 0
                await writes.BeginAsync(LongestWrite, cancellationToken);
                // :: Step 1
                var locked = clock.Elapsed;
                await steps.DoAsync(isForward ? MoveStep.SourceFenced : MoveStep.TargetFenced, async () =>
                {
                    await using var transaction = await from.BeginAsync(connection, epoch, cancellationToken);
                    await transaction.HoldOffMaintenanceAsync(cancellationToken);
                    await transaction.RecordOwnerAsync(open, fenced, by, reason, cancellationToken);
                    if (isForward)
                    {
                        await store.EnterAsync(transaction, move.Id, move.State, MoveState.Fenced, by, "The host's tables take no writes.", null, cancellationToken, returns: move.State);
                    }

                    await transaction.LockOutWritersAsync(cancellationToken);
                    locked = clock.Elapsed;
                    await transaction.SwitchTriggersAsync(capture: null, deny: true, cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                });
                return (fenced, attempt, locked);
            }
            catch (Exception e) when (from.Engine.IsBlocked(e))
            {
                if (clock.Elapsed >= patience)
                {
                    var blockers = await from.Engine.BlockersAsync(connection, from.Schema, from.Tables, cancellationToken);
                    throw new SwitchRefusedException(
                        $"The tables could not be fenced in {patience.TotalSeconds} s and {attempt} attempts: {blockers ?? "a transaction that writes to them, or on SQL Server a statement that reads them, did not end"}. "
                        + "Traffic goes on as before. Let that transaction end, or end it, and switch again.", e);
                }

                // Whoever keeps the tables keeps nobody else from writing.
                await writes.EndAsync();
                await Task.Delay(BetweenAttempts, cancellationToken);
            }
        }
    }

    private async Task DrainAsync(ChangeStream stream, Stopwatch clock, CancellationToken cancellationToken)
    {
        while (!await stream.StepAsync(null, cancellationToken))
        {
            if (clock.Elapsed >= patience)
            {
                throw new SwitchRefusedException(
                    $"What was written before the fence could not be carried over in {patience.TotalSeconds} s. Traffic goes on as before. Switch when there is less to carry over: './shop move status {pair.Module.Name}'.");
            }
        }
    }

    /// <summary>Whoever tidies up the tables over there for long would keep them from being opened, and is found out before anybody waits.</summary>
    private async Task FindMaintenanceAsync(MoveSide to, DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await InTimeAsync(
                async limited =>
                {
                    await HoldOffMaintenanceAsync(to, connection, limited);
                    return true;
                },
                cancellationToken);
        }
        catch (Exception e) when (to.Engine.IsBlocked(e))
        {
            throw await KeptAsync(to, connection, "somebody changes or tidies them up", e, cancellationToken);
        }
    }

    /// <summary>Who tidies up takes a second to give way, in which nobody has to wait yet.</summary>
    private async Task HoldOffMaintenanceAsync(MoveSide side, DbConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await side.BeginAsync(connection, epoch, cancellationToken);
        await transaction.HoldOffMaintenanceAsync(cancellationToken);
    }

    /// <summary>What was written since the comparison was recorded by the triggers that were there then.</summary>
    private async Task FindGapAsync(MoveSide from, DbConnection connection, CancellationToken cancellationToken)
    {
        if (move.VDiff?.Recording is { } recording && recording != await from.Engine.RecordingAsync(connection, from.Schema, cancellationToken))
        {
            throw new SwitchRefusedException(
                $"Triggers on the tables of {pair.Module.Name} were made anew or switched off since the last comparison. Traffic goes on as before. Compare again: './shop move vdiff {pair.Module.Schema}'.");
        }
    }

    /// <summary>While it can still be taken back; from step 4 on there is no way but on, to there.</summary>
    private async Task<MoveTransaction> OpenInTimeAsync(MoveSide to, Ownership next, DbConnection connection, string by, string reason, Stopwatch clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await BeginOpeningAsync(to, next, connection, by, reason, cancellationToken);
            }
            catch (Exception e) when (to.Engine.IsBlocked(e))
            {
                if (clock.Elapsed >= patience)
                {
                    throw await KeptAsync(to, connection, "somebody reads them, or writes, and does not end", e, cancellationToken);
                }

                await Task.Delay(BetweenAttempts, cancellationToken);
            }
        }
    }

    private async Task<SwitchRefusedException> KeptAsync(MoveSide to, DbConnection connection, string otherwise, Exception e, CancellationToken cancellationToken) => new(
        $"The tables in {to} could not be opened: {await to.Engine.BlockersAsync(connection, to.Schema, to.Tables, cancellationToken) ?? otherwise}. Traffic goes on as before. Let that end, or end it, and switch again.", e);

    private async Task OpenAsync(MoveSide to, Ownership next, DbConnection connection, string by, string reason, CancellationToken cancellationToken)
    {
        await using var opening = await BeginOpeningAsync(to, next, connection, by, reason, cancellationToken);
        await CommitOpeningAsync(to, opening, cancellationToken);
    }

    private async Task<MoveTransaction> BeginOpeningAsync(MoveSide to, Ownership next, DbConnection connection, string by, string reason, CancellationToken cancellationToken)
    {
        var current = await to.ReadOwnershipAsync(connection, cancellationToken);
        var transaction = await to.BeginAsync(connection, epoch, cancellationToken);
        try
        {
            await transaction.HurryToOpenAsync(cancellationToken);
            await transaction.SwitchTriggersAsync(capture: true, deny: false, cancellationToken);
            await transaction.RecordOwnerAsync(current, next, by, reason, cancellationToken);
            await transaction.EndReplicationAsync(cancellationToken);
            if (to == pair.Host)
            {
                await store.EnterAsync(transaction, move.Id, MoveState.ReverseFenced, MoveState.ReadsSwitched, by, "The host owns the data again.", null, cancellationToken, isOtherWay: true);
            }

            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private Task CommitOpeningAsync(MoveSide to, MoveTransaction opening, CancellationToken cancellationToken) =>
        steps.DoAsync(to == pair.Service ? MoveStep.TargetOpened : MoveStep.SourceOpened, () => opening.CommitAsync(cancellationToken));

    private async Task EnterAsync(DbConnection host, MoveState from, MoveState state, string by, string what, MoveState? returns, CancellationToken cancellationToken)
    {
        await using var transaction = await pair.Host.BeginAsync(host, epoch, cancellationToken);
        await store.EnterAsync(transaction, move.Id, from, state, by, what, null, cancellationToken, returns);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>A switch did not come about; what was begun of it is taken back.</summary>
internal sealed class SwitchRefusedException(string message, Exception? inner = null) : Exception(message, inner);
