namespace ModularShop.MoveTables;

/// <summary>A move as operators see it.</summary>
/// <param name="Service">What the service's data is: <c>Attached</c>, <c>Replica</c> or <c>Owner</c>.</param>
/// <param name="Percent">Of the rows that were there when the copy began; null before and after.</param>
/// <param name="EtaSeconds">Until all rows are copied, at the present rate.</param>
/// <param name="LogRows">Changes that are still to be carried over; counted as far as 100,000.</param>
/// <param name="LagSeconds">How long ago the two databases were last known to be equal; null while rows are copied.</param>
/// <param name="WaitsFor">What it waits for, or does.</param>
/// <param name="Next">The commands that can be given now.</param>
public sealed record MoveView(
    Guid Id, string Module, MoveState State, string Service, bool IsPaused, long? RowsPerSecondLimit, string Target, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ChangedAt,
    string? Coordinator, long Rows, long RowsExpected, double RowsPerSecond, double? Percent, double? EtaSeconds, long LogRows, double? LagSeconds, long ChangesApplied,
    VDiffProgress? Comparing, VDiffReport? VDiff, string WaitsFor, string? Trouble, IReadOnlyList<string> Next)
{
    internal static MoveView Of(Move move, MoveTablesOptions options, DateTimeOffset now)
    {
        var progress = move.Progress;
        var isCopying = move.State is MoveState.Copying;
        var left = progress is null ? 0 : progress.RowsExpected - progress.Rows;
        return new MoveView(
            move.Id, move.Module, move.State, move.State switch
            {
                MoveState.Created or MoveState.Cancelled or MoveState.Cancelling => "Attached",
                MoveState.WritesSwitched or MoveState.ReverseFenced or MoveState.Completing or MoveState.Completed => "Owner",
                _ => "Replica",
            },
            move.IsPaused, move.RowsPerSecond, move.Target, move.CreatedAt, move.CreatedBy, move.ChangedAt, move.Holder?.Split(':') is [var machine, var process, ..] ? $"{machine}:{process}" : null,
            progress?.Rows ?? 0, progress?.RowsExpected ?? 0, progress?.RowsPerSecond ?? 0,
            isCopying && progress is { RowsExpected: > 0 } ? 100.0 * progress.Rows / progress.RowsExpected : null,
            isCopying && progress is { RowsPerSecond: > 0 } ? left / progress.RowsPerSecond : null,
            progress?.LogRows ?? 0, progress?.CaughtUpAt is { } at && move.State.IsLive() ? Math.Max((now - at).TotalSeconds, 0) : null, progress?.ChangesApplied ?? 0,
            progress?.VDiff, move.VDiff, WhatItWaitsFor(move), move.Trouble,
            [.. Enum.GetValues<MoveCommandKind>().Where(kind => move.State.IsLive() && move.State is not MoveState.Cancelling && MoveRules.Problems(move, kind, options, now).Count == 0).Select(NameOf)]);
    }

    internal static string NameOf(MoveCommandKind kind) => kind switch
    {
        MoveCommandKind.VDiff => "vdiff",
        MoveCommandKind.SwitchReads => "switch-traffic --reads",
        MoveCommandKind.SwitchWrites => "switch-traffic --writes",
        MoveCommandKind.Reverse => "reverse-traffic",
        MoveCommandKind.Complete => "complete",
        _ => "cancel",
    };

    private static string WhatItWaitsFor(Move move) => move.Progress switch
    {
        _ when !move.State.IsLive() => "",
        null => "waiting for a host to coordinate it",
        { } progress when progress.At < move.ChangedAt => "waiting for the coordinator to go on from here",
        { } progress => progress.Doing,
    };
}

/// <summary>The last move of each module.</summary>
/// <param name="Unread">Modules of which it could not be found out.</param>
public sealed record MoveList(IReadOnlyList<MoveView> Moves, IReadOnlyList<UnreadMove> Unread);

/// <param name="Reason">Why the module's database in the host could not be asked.</param>
public sealed record UnreadMove(string Module, string Reason);

/// <summary>What a move would need and do.</summary>
public sealed record MovePlan(string Module, string Target, IReadOnlyList<MoveCheck> Checks, IReadOnlyList<string> Statements);

/// <param name="Command"><c>vdiff</c>, <c>switch-reads</c>, <c>switch-writes</c>, <c>reverse</c>, <c>complete</c> or <c>cancel</c>.</param>
/// <param name="DryRun">Whether to say what would keep it from being done, and do nothing.</param>
/// <param name="DropNow">With <c>complete</c>: the host's old tables are dropped at once.</param>
/// <param name="AbandonTarget">With <c>cancel</c>: a service's database that does not answer is left as it is.</param>
public sealed record GiveCommand(string Command, bool DryRun = false, bool DropNow = false, bool AbandonTarget = false);

/// <param name="RowsPerSecond">Null for as many as there can be.</param>
public sealed record ThrottleMove(long? RowsPerSecond);

/// <param name="Done">Whether it has been, or with a dry run would be, carried out.</param>
/// <param name="Text">What became of it, or why not.</param>
public sealed record CommandOutcome(bool Done, string Text, MoveView Move);
