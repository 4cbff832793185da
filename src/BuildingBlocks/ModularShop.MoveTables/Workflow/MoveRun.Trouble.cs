using ModularShop.Modularity.Data;

namespace ModularShop.MoveTables;

/// <remarks>What goes wrong, who is told, and when it is tried again.</remarks>
internal sealed partial class MoveRun
{
    private async Task PauseAsync(Exception e, CancellationToken cancellationToken)
    {
        var reason = Explain(e);
        // A switch may have broken off half-way: it is settled before anything else.
        (_isAdmittedHere, _isAdmittedThere) = (false, false);
        if (_trouble != reason)
        {
            (_trouble, _pause) = (reason, ShortestPause);
            MoveTablesLog.Troubled(services.Logger, e, pair.Module.Name, reason);
        }

        try
        {
            // Whatever broke may have left a connection in the middle of something.
            var streamed = _streamsFrom;
            await ResetAsync();
            _host = await pair.Host.OpenAsync(cancellationToken);
            await store.SayAsync(_host, id, _progress.Now(null), reason, cancellationToken);
            if (streamed is { } from)
            {
                await using var stream = new ChangeStream(from, from == pair.Host ? pair.Service : pair.Host, id, epoch, services.Steps, services.Time);
                await stream.SayStoppedAsync(reason, cancellationToken);
            }

            await WaitAsync(cancellationToken);
        }
        catch (Exception second) when (second is not CoordinatorReplacedException)
        {
            // The host's database, or the other one, is away: nobody can be told, and the next try says so again.
            await WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Longer each time, until it goes on.</summary>
    private Task WaitAsync(CancellationToken cancellationToken)
    {
        var pause = _pause;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return Task.Delay(pause, services.Time, cancellationToken);
    }

    private string Explain(Exception e) => e switch
    {
        SwitchRefusedException or OwnerChangedException or VerificationException or AnotherTargetException or MoveChangedException or UnfitDatabaseException => e.Message,
        _ when pair.Host.Engine.IsRefusedValue(e) || pair.Service.Engine.IsRefusedValue(e) => $"A row cannot be stored in the other database: {e.DatabaseMessage()}",
        _ when e.IsDatabaseUnavailable() => $"A database does not answer: {e.DatabaseMessage()}",
        _ => e.DatabaseMessage(),
    };

    /// <summary>Once it is known what has become of a command that failed on its way; what was done all the same is answered as such.</summary>
    /// <returns>Whether it was answered: <paramref name="move"/> is not as it was read any more.</returns>
    private async Task<bool> AnswerBrokenOffAsync(Move move, CancellationToken cancellationToken)
    {
        if (_brokenOff is not { } broken || move.State is MoveState.Fenced or MoveState.ReverseFenced)
        {
            return false;
        }

        _brokenOff = null;
        if (move.Command is not { Answer: null } command || command.Id != broken.Command || IsDone(command.Kind, move.State))
        {
            return false;
        }

        await AnswerAsync(move, command, new MoveAnswer(false, broken.Why), cancellationToken);
        return true;
    }

    /// <summary>A command that failed on its way, and why.</summary>
    private sealed record BrokenOff(Guid Command, string Why);
}
