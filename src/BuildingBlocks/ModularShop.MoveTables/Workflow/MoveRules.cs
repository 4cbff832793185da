namespace ModularShop.MoveTables;

/// <summary>What has to be so for a command to be carried out: asked before, by a dry run, and again by the coordinator.</summary>
internal static class MoveRules
{
    /// <summary>Whether it depends on how far behind the database is that follows.</summary>
    public static bool AsksForLag(MoveCommandKind kind) => kind is MoveCommandKind.SwitchReads or MoveCommandKind.SwitchWrites or MoveCommandKind.Reverse or MoveCommandKind.Complete;

    /// <returns>Why it is refused, one sentence each with the way out; nothing where it may go ahead.</returns>
    public static IReadOnlyList<string> Problems(Move move, MoveCommandKind kind, MoveTablesOptions options, DateTimeOffset now)
    {
        var problems = new List<string>();
        var module = move.Module.ToLowerInvariant();
        if (move.Format != Move.CurrentFormat)
        {
            problems.Add($"This move is of format {move.Format} and this program's is {Move.CurrentFormat}: finish or cancel it with the version that began it.");
            return problems;
        }

        if (!move.State.IsLive())
        {
            problems.Add(move.State is MoveState.Cancelled
                ? $"The move has ended: it is Cancelled. Begin another: './shop move create {module}'."
                : "The move has ended: it is Completed, and the host's tables are retired.");
            return problems;
        }

        switch (kind)
        {
            case MoveCommandKind.VDiff:
                Expect(move.State.CarriesOver(), $"Rows can be compared once all are copied; the move is {move.State}. Wait for Running: './shop move status {module}'.");
                Expect(!move.IsPaused, $"The move is paused, and a comparison needs its changes carried over: './shop move resume {module}'.");
                break;
            case MoveCommandKind.SwitchReads:
                Expect(move.State is MoveState.Running or MoveState.Verified, $"Reads are switched from Running or Verified; the move is {move.State}.");
                ExpectRunning();
                ExpectNothingMissed();
                break;
            case MoveCommandKind.SwitchWrites:
                Expect(move.State is MoveState.ReadsSwitched, $"Writes are switched after reads; the move is {move.State}. First: './shop move switch-traffic {module} --reads'.");
                ExpectRunning();
                ExpectVDiff();
                break;
            case MoveCommandKind.Reverse:
                Expect(move.State is MoveState.WritesSwitched, $"Only switched writes can go back; the move is {move.State}.");
                ExpectRunning();
                ExpectNothingMissed();
                break;
            case MoveCommandKind.Complete:
                Expect(move.State is MoveState.WritesSwitched, $"A move is completed after its writes are switched; it is {move.State}.");
                ExpectRunning();
                ExpectVDiff();
                break;
            case MoveCommandKind.Cancel:
                Expect(
                    move.State.CanBeCancelled() || move.State is MoveState.Cancelling,
                    move.State is MoveState.WritesSwitched
                        ? $"The service owns the data: a cancelled move would lose what it has written. First: './shop move reverse-traffic {module}'."
                        : $"A move that is {move.State} cannot be cancelled.");
                break;
        }

        return problems;

        void Expect(bool condition, string problem)
        {
            if (!condition)
            {
                problems.Add(problem);
            }
        }

        void ExpectRunning()
        {
            if (problems.Count > 0)
            {
                // In another state there is nothing that would run.
                return;
            }

            var longest = TimeSpan.FromSeconds(options.SwitchMaxLagSeconds);
            Expect(!move.IsPaused, $"The move is paused: './shop move resume {module}'.");
            Expect(move.Trouble is null, $"Changes are not carried over at the moment: {move.Trouble} Once that is mended it goes on by itself.");
            Expect(
                move.Progress?.CaughtUpAt is { } at && now - at <= longest,
                $"The database that follows is more than {longest.TotalSeconds} s behind{(move.Progress is { } p ? $" ({p.LogRows} changes to carry over)" : "")}. Wait, or raise MoveTables:SwitchMaxLagSeconds.");
        }

        void ExpectNothingMissed()
        {
            Expect(move.Gap is null, move.Gap!);
            Expect(move.VDiff is not { IsClean: false }, Differences());
        }

        string Differences() => $"The last comparison found differences. Look at them with './shop move status {module}', mend them, and compare again: './shop move vdiff {module}'.";

        void ExpectVDiff()
        {
            if (move.State is not (MoveState.ReadsSwitched or MoveState.WritesSwitched))
            {
                return;
            }

            var longest = TimeSpan.FromMinutes(options.VDiffMaxAgeMinutes);
            Expect(
                move.VDiff is { IsClean: true } report && now - report.EndedAt <= longest,
                move.VDiff is null ? move.Gap ?? $"No comparison has been made in this state of the move. First: './shop move vdiff {module}'."
                : !move.VDiff.IsClean ? Differences()
                : $"The last comparison is older than {longest.TotalMinutes} minutes. Compare again: './shop move vdiff {module}'.");
        }
    }
}
