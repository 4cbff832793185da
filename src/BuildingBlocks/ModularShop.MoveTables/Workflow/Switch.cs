using System.Data.Common;
using System.Diagnostics;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>Moves the right to write from one database to the other; the same there and back.</summary>
/// <remarks>
/// :: Step 1: the tables that are written are fenced, and their owner's row says so, in one transaction.
/// :: Step 2: what is left of the log is carried over and read back.
/// :: Step 3: the owner's row there names the other side: from here on it goes forward only.
/// :: Step 4: the other side's tables are opened, and begin to record changes, and its owner's row says so, in one transaction.
/// What fails before step 3 is taken back; what fails after it is finished, by whichever process coordinates the move then.
/// </remarks>
internal sealed class Switch(MovePair pair, MoveStore store, MoveSteps steps, Move move, long epoch, TimeSpan patience)
{
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
            await steps.DoAsync(MoveStep.ReverseBegun, () => EnterAsync(host, MoveState.ReverseFenced, by, "Traffic is about to go back to the host.", null, MoveState.WritesSwitched, cancellationToken));
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
        var clock = Stopwatch.StartNew();
        var before = stream.Applied;
        var (fenced, attempts, locked, drained) = await InTimeAsync(async limited =>
        {
            // :: Step 1
            var (fenced, attempts, locked) = await FenceAsync(from, connection, isForward, by, reason, clock, limited);
            // :: Step 2
            await steps.DoAsync(isForward ? MoveStep.Drained : MoveStep.ReverseDrained, () => DrainAsync(stream, clock, limited));
            var drained = clock.Elapsed;
            await RehearseAsync(to, other, clock, limited);
            return (fenced, attempts, locked, drained);
        }, cancellationToken);
        // :: Step 3
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
                await store.EnterAsync(transaction, move.Id, MoveState.WritesSwitched, by, "The service owns the data.", evidence, cancellationToken, isOtherWay: true);
            }

            await transaction.CommitAsync(cancellationToken);
        });
        // :: Step 4
        await OpenAsync(to, next, other, by, reason, cancellationToken);
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

    /// <summary>Whatever a switch was in the middle of: takes it back, or finishes it where the owner's row has been written.</summary>
    public async Task SettleAsync(DbConnection host, string by, CancellationToken cancellationToken)
    {
        var here = await pair.Host.ReadOwnershipAsync(host, cancellationToken);
        if (move.State is MoveState.Fenced)
        {
            await UnfenceAsync(pair.Host, host, here, host, move.Returns ?? MoveState.ReadsSwitched, by, cancellationToken);
            return;
        }

        await using var service = await pair.Service.OpenAsync(cancellationToken);
        var there = await pair.Service.ReadOwnershipAsync(service, cancellationToken);
        switch (move.State)
        {
            case MoveState.ReverseFenced when there.Owner is Owner.Monolith:
                await OpenAsync(pair.Host, there with { IsFenced = false }, host, by, "Traffic goes back to the host.", cancellationToken);
                break;
            case MoveState.ReverseFenced:
                await UnfenceAsync(pair.Service, service, there, host, MoveState.WritesSwitched, by, cancellationToken);
                break;
            case MoveState.WritesSwitched when there.Owner is not Owner.Service || there.Epoch < here.Epoch:
                await OpenAsync(pair.Service, here, service, by, "Writes are switched to the service.", cancellationToken);
                break;
        }
    }

    private async Task<(Ownership Fenced, int Attempts, TimeSpan Locked)> FenceAsync(
        MoveSide from, DbConnection connection, bool isForward, string by, string reason, Stopwatch clock, CancellationToken cancellationToken)
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
                var locked = clock.Elapsed;
                await steps.DoAsync(isForward ? MoveStep.SourceFenced : MoveStep.TargetFenced, async () =>
                {
                    await using var transaction = await from.BeginAsync(connection, epoch, cancellationToken);
                    await transaction.RecordOwnerAsync(open, fenced, by, reason, cancellationToken);
                    if (isForward)
                    {
                        await store.EnterAsync(transaction, move.Id, MoveState.Fenced, by, "The host's tables take no writes.", null, cancellationToken, returns: move.State);
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

    /// <summary>It answers, takes writes, and could be opened: from step 3 on there is no way but on, to there.</summary>
    private async Task RehearseAsync(MoveSide to, DbConnection connection, Stopwatch clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var transaction = await to.BeginAsync(connection, epoch, cancellationToken);
                await transaction.RehearseOpeningAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (to.Engine.IsBlocked(e))
            {
                if (clock.Elapsed >= patience)
                {
                    var blockers = await to.Engine.BlockersAsync(connection, to.Schema, to.Tables, cancellationToken);
                    throw new SwitchRefusedException(
                        $"The tables in {to} could not be opened in {patience.TotalSeconds} s: {blockers ?? "somebody reads them, or writes, and does not end"}. Traffic goes on as before. Let that end, or end it, and switch again.", e);
                }

                await Task.Delay(BetweenAttempts, cancellationToken);
            }
        }
    }

    private Task OpenAsync(MoveSide to, Ownership next, DbConnection connection, string by, string reason, CancellationToken cancellationToken)
    {
        var isForward = to == pair.Service;
        return steps.DoAsync(isForward ? MoveStep.TargetOpened : MoveStep.SourceOpened, async () =>
        {
            var current = await to.ReadOwnershipAsync(connection, cancellationToken);
            await using var transaction = await to.BeginAsync(connection, epoch, cancellationToken);
            await transaction.RecordOwnerAsync(current, next, by, reason, cancellationToken);
            await transaction.SwitchTriggersAsync(capture: true, deny: false, cancellationToken);
            await transaction.EndReplicationAsync(cancellationToken);
            if (!isForward)
            {
                await store.EnterAsync(transaction, move.Id, MoveState.ReadsSwitched, by, "The host owns the data again.", null, cancellationToken, isOtherWay: true);
            }

            await transaction.CommitAsync(cancellationToken);
        });
    }

    private async Task UnfenceAsync(MoveSide side, DbConnection connection, Ownership now, DbConnection host, MoveState returns, string by, CancellationToken cancellationToken)
    {
        if (now.IsFenced)
        {
            await using var transaction = await side.BeginAsync(connection, epoch, cancellationToken);
            await OpenAgainAsync(transaction, now, by, cancellationToken);
            if (side == pair.Host)
            {
                await store.EnterAsync(transaction, move.Id, returns, by, "The switch was taken back; the host's tables are open.", null, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        if (side == pair.Service)
        {
            await EnterAsync(host, returns, by, "The switch was taken back; the service's tables are open.", null, null, cancellationToken);
        }
    }

    /// <summary>
    /// The state of a move is in the host's database, and that may be what fails: the service's writes don't wait for it. A commit
    /// whose outcome is unknown is either seen here, and left to be finished, or finds the row changed.
    /// </summary>
    private async Task TryUnfenceServiceAsync(string by)
    {
        try
        {
            using var limit = new CancellationTokenSource(patience);
            await using var service = await pair.Service.OpenAsync(limit.Token);
            if (await pair.Service.ReadOwnershipAsync(service, limit.Token) is { Owner: Owner.Service, IsFenced: true } fenced)
            {
                await using var transaction = await pair.Service.BeginAsync(service, epoch, limit.Token);
                await OpenAgainAsync(transaction, fenced, by, limit.Token);
                await transaction.CommitAsync(limit.Token);
            }
        }
        catch (Exception)
        {
            // What went wrong first is told; whoever coordinates the move next settles the rest.
        }
    }

    private static async Task OpenAgainAsync(MoveTransaction transaction, Ownership fenced, string by, CancellationToken cancellationToken)
    {
        await transaction.RecordOwnerAsync(fenced, fenced with { Epoch = fenced.Epoch + 1, IsFenced = false }, by, "The switch was taken back.", cancellationToken);
        await transaction.SwitchTriggersAsync(capture: null, deny: false, cancellationToken);
    }

    private async Task EnterAsync(DbConnection host, MoveState state, string by, string what, object? evidence, MoveState? returns, CancellationToken cancellationToken)
    {
        await using var transaction = await pair.Host.BeginAsync(host, epoch, cancellationToken);
        await store.EnterAsync(transaction, move.Id, state, by, what, evidence, cancellationToken, returns);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>A switch did not come about; what was begun of it is taken back.</summary>
internal sealed class SwitchRefusedException(string message, Exception? inner = null) : Exception(message, inner);
