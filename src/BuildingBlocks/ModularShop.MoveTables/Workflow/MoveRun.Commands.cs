using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <remarks>What operators ask for.</remarks>
internal sealed partial class MoveRun
{
    /// <summary>What an operator has asked for.</summary>
    /// <returns>False where it broke off, and has to be settled before anything else is done.</returns>
    private async Task<bool> ObeyAsync(Move move, CancellationToken cancellationToken)
    {
        if (move.Command is not { Answer: null } command)
        {
            return true;
        }

        if (_stream is null && move is { IsPaused: false, Trouble: null } && move.State.CarriesOver() && MoveRules.AsksForLag(command.Kind))
        {
            // How far behind the other database is, nobody knows who has not carried anything over yet.
            return true;
        }

        MoveAnswer answer;
        try
        {
            answer = IsDone(command.Kind, move.State) ? new MoveAnswer(true, $"The move is {move.State}.")
                : await RefusalAsync(move, command.Kind, cancellationToken) is { } refusal ? new MoveAnswer(false, refusal)
                : await DoAsync(move, command, cancellationToken);
        }
        catch (Exception e) when (e is not CoordinatorReplacedException && !cancellationToken.IsCancellationRequested)
        {
            // It is answered according to what has become of it, and not tried again unasked: a switch holds up writers.
            MoveTablesLog.BrokeOff(services.Logger, e, move.Module, command.Kind);
            (_brokenOff, _isAdmittedHere, _isAdmittedThere) = (new BrokenOff(command.Id, Explain(e)), false, false);
            return false;
        }

        await AnswerAsync(move, command, answer, cancellationToken);
        return true;
    }

    /// <summary>Why it is not carried out; null where it is.</summary>
    private async Task<string?> RefusalAsync(Move move, MoveCommandKind kind, CancellationToken cancellationToken)
    {
        if (MoveRules.Problems(move with { Progress = _progress.Now(_stream) }, kind, services.Options, services.Time.GetUtcNow()) is { Count: > 0 } problems)
        {
            return string.Join(' ', problems);
        }

        if (kind is MoveCommandKind.SwitchReads or MoveCommandKind.SwitchWrites && await services.Probe.ProblemAsync(pair.Module, isReplica: true, cancellationToken) is { } absent)
        {
            return absent;
        }

        if (kind is MoveCommandKind.SwitchWrites or MoveCommandKind.Reverse or MoveCommandKind.Complete
            && await MoveChecks.FindColumnsAsync(pair, kind is MoveCommandKind.SwitchWrites ? pair.Host : pair.Service, cancellationToken) is { } column)
        {
            return column;
        }

        return kind is MoveCommandKind.VDiff or MoveCommandKind.Cancel ? null : await MendTriggersAsync(move, cancellationToken);
    }

    private async Task AnswerAsync(Move move, MoveCommand command, MoveAnswer answer, CancellationToken cancellationToken)
    {
        if (!answer.Done)
        {
            MoveTablesLog.Refused(services.Logger, move.Module, command.Kind, command.By, answer.Text);
            await store.NoteAsync(_host!, id, command.By, move.State, $"{command.Kind} was refused: {answer.Text}", null, cancellationToken);
        }

        await store.AnswerAsync(_host!, id, epoch, command, answer, cancellationToken);
    }

    /// <summary>It was begun, by a coordinator that did not live to answer or was not told how it went, and has been finished since.</summary>
    private static bool IsDone(MoveCommandKind kind, MoveState state) => (kind, state) switch
    {
        (MoveCommandKind.SwitchReads or MoveCommandKind.Reverse, MoveState.ReadsSwitched) or (MoveCommandKind.SwitchWrites, MoveState.WritesSwitched) => true,
        (MoveCommandKind.Complete, MoveState.Completing) or (MoveCommandKind.Cancel, MoveState.Cancelling) => true,
        _ => false,
    };

    private async Task<MoveAnswer> DoAsync(Move move, MoveCommand command, CancellationToken cancellationToken)
    {
        switch (command.Kind)
        {
            case MoveCommandKind.VDiff when _comparison is { IsCompleted: false }:
                return new MoveAnswer(true, "A comparison of all rows is under way.");
            case MoveCommandKind.VDiff:
                await BeginComparingAsync(move, command.By, cancellationToken);
                return new MoveAnswer(true, "The comparison of all rows has begun.");
            case MoveCommandKind.SwitchReads:
                return await SwitchReadsAsync(move, command.By, cancellationToken);
            case MoveCommandKind.SwitchWrites:
                return await SwitchAsync(move, pair.Host, pair.Service, command, "Writes are switched to the service.", cancellationToken);
            case MoveCommandKind.Reverse:
                return await SwitchAsync(move, pair.Service, pair.Host, command, "Traffic goes back to the host.", cancellationToken);
            case MoveCommandKind.Complete:
                await services.Steps.DoAsync(MoveStep.CompleteBegun, () => EnterAsync(move.State, MoveState.Completing, command.By, "The host's tables are being retired.", null, cancellationToken));
                return new MoveAnswer(true, "The host's tables are being retired.");
            default:
                await services.Steps.DoAsync(MoveStep.CancelBegun, () => EnterAsync(move.State, MoveState.Cancelling, command.By, "What was made for the move is being removed.", null, cancellationToken));
                return new MoveAnswer(true, "What was made for the move is being removed.");
        }
    }

    /// <summary>Looks at the triggers now and then: without those that record, a write is missed, and with one that denies in the wrong place it is refused.</summary>
    private async Task WatchTriggersAsync(Move move, CancellationToken cancellationToken)
    {
        if (services.Time.GetElapsedTime(_looked) < LookEvery)
        {
            return;
        }

        if (await MendTriggersAsync(move, cancellationToken) is { } missed)
        {
            MoveTablesLog.TriggersMended(services.Logger, move.Module, missed);
            await store.NoteAsync(_host!, id, "the coordinator", move.State, missed, null, cancellationToken);
        }

        _looked = services.Time.GetTimestamp();
    }

    /// <summary>Somebody may have dropped triggers, or switched them off, and what was written then was not recorded.</summary>
    /// <returns>What has been mended, or is as before by itself, and has to be looked at before the move goes on; null where all is well.</returns>
    private async Task<string?> MendTriggersAsync(Move move, CancellationToken cancellationToken)
    {
        var writing = move.State is MoveState.WritesSwitched ? pair.Service : pair.Host;
        var mended = new List<string>();
        var isAnother = false;
        foreach (var side in new[] { pair.Host, pair.Service })
        {
            await using var connection = await side.OpenAsync(cancellationToken);
            if (await side.Engine.AreTriggersSetAsync(connection, side.Schema, side.Tables, isWritten: side == writing, cancellationToken))
            {
                isAnother |= side == writing && (move.VDiff?.Recording ?? move.Comparing?.Recording) is { } recording
                    && recording != await side.Engine.RecordingAsync(connection, side.Schema, cancellationToken);
                continue;
            }

            await Preparation.MakeAsync(side, connection, epoch, cancellationToken, capture: side == writing, deny: side != writing);
            mended.Add(side.Name);
        }

        if (mended.Count == 0 && !isAnother)
        {
            return null;
        }

        // One that is under way may be past what was not recorded.
        await StopComparingAsync();
        var gap = (mended.Count > 0
                ? $"Triggers on the tables of {pair.Module.Name} were missing or switched off in {string.Join(" and in ", mended)}; they are set again."
                : $"Triggers on the tables of {pair.Module.Name} were made anew or switched off since the last comparison began.")
            + " What was written meanwhile may not have been carried over: "
            + $"compare all rows with './shop move vdiff {pair.Module.Schema}', and write again what differs, before the move goes on.";
        await store.KeepGapAsync(_host!, id, epoch, gap, cancellationToken);
        return gap;
    }

    private async Task<MoveAnswer> SwitchReadsAsync(Move move, string by, CancellationToken cancellationToken)
    {
        string? problem = null;
        await services.Steps.DoAsync(
            MoveStep.ReadsRouted, async () => problem = await services.Reads.SendReadsAsync(pair.Module.Name, Owner.Service, by, "Reads are switched to the service by a move.", cancellationToken));
        if (problem is not null)
        {
            return new MoveAnswer(false, problem);
        }

        await services.Steps.DoAsync(MoveStep.ReadsRecorded, () => EnterAsync(move.State, MoveState.ReadsSwitched, by, "The service answers reads.", null, cancellationToken));
        return new MoveAnswer(true, $"The service answers the reads of {pair.Module.Name}; the host writes.");
    }

    private async Task<MoveAnswer> SwitchAsync(Move move, MoveSide from, MoveSide to, MoveCommand command, string reason, CancellationToken cancellationToken)
    {
        await StopComparingAsync();
        var figures = await Switching(move).RunAsync(from, to, _host!, StreamFrom(from, to), command.By, reason, cancellationToken);
        await StopStreamAsync();
        var state = (await store.GetAsync(_host!, id, cancellationToken)).State;
        await services.Steps.DoAsync(from == pair.Host ? MoveStep.WritesRecorded : MoveStep.ReverseRecorded, async () =>
        {
            await store.NoteAsync(_host!, id, command.By, state, reason, figures, cancellationToken);
            if (from == pair.Host)
            {
                await store.KeepOpenedAsync(_host!, id, epoch, cancellationToken);
            }
        });
        MoveTablesLog.Entered(services.Logger, move.Module, state, reason);
        return new MoveAnswer(true, to == pair.Service
            ? $"The service owns the data of {pair.Module.Name}; the host's tables follow, and './shop move reverse-traffic {pair.Module.Schema}' leads back."
            : $"The host owns the data of {pair.Module.Name} again; the service's tables follow.");
    }

    private async Task CancelAsync(Move move, CancellationToken cancellationToken)
    {
        if (await services.Reads.SendReadsAsync(pair.Module.Name, Owner.Monolith, move.Command?.By ?? move.CreatedBy, "The move was cancelled.", cancellationToken) is { } problem)
        {
            throw new SwitchRefusedException(problem);
        }

        await Ending(move).CancelAsync(_host!, move.Command is { Kind: MoveCommandKind.Cancel, AbandonTarget: true }, cancellationToken);
    }
}
