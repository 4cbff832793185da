namespace ModularShop.MoveTables;

/// <summary>A move of a module's tables, as its row in the host's database says.</summary>
/// <param name="Format">Of the row and of what the move has made in the databases; another one is another version's.</param>
/// <param name="Epoch">Raised whenever another process becomes its coordinator.</param>
/// <param name="RowsPerSecond">The most that the copy takes; null for as many as it can.</param>
/// <param name="Trouble">Why it goes no further at the moment; null while it does.</param>
/// <param name="Returns">Where a fence that is taken back leads to.</param>
/// <param name="VDiff">The last comparison of all rows that says something of this state.</param>
/// <param name="Comparing">The one under way.</param>
/// <param name="Gap">What was written may not have been recorded, and why; null where all was, as far as is known.</param>
/// <param name="IsOpened">The service's tables have been opened since its data was switched to it.</param>
internal sealed record Move(
    Guid Id, string Module, int Format, MoveState State, MoveState? Returns, long Epoch, string? Holder, bool IsPaused, long? RowsPerSecond, string Target, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset ChangedAt, string? Trouble, MoveProgress? Progress, MoveCommand? Command, VDiffReport? VDiff, VDiffCheckpoint? Comparing, string? Gap, bool IsOpened)
{
    public const int CurrentFormat = 1;

    /// <summary>Something is to be done; that may be no more than the answer which its last coordinator did not live to give.</summary>
    public bool NeedsCoordinator => State.IsLive() || Command is { Answer: null };
}

/// <summary>How far it has come, as the coordinator last said.</summary>
/// <param name="Rows">Copied so far.</param>
/// <param name="RowsExpected">When the copy began.</param>
/// <param name="LogRows">Changes that are still to be carried over.</param>
/// <param name="CaughtUpAt">When the two databases were last known to be equal.</param>
/// <param name="Doing">For people: what is being done or waited for.</param>
public sealed record MoveProgress(
    DateTimeOffset At, long Rows, long RowsExpected, double RowsPerSecond, long LogRows, DateTimeOffset? CaughtUpAt, long ChangesApplied, string Doing, VDiffProgress? VDiff);

/// <summary>A running comparison.</summary>
public sealed record VDiffProgress(string Table, long Rows, long RowsExpected);

/// <summary>What an operator has asked for and the coordinator has not answered yet, or has.</summary>
/// <param name="Answer">Null until it has been carried out or refused.</param>
/// <param name="DropNow">With <see cref="MoveCommandKind.Complete"/>: the host's old tables are dropped at once.</param>
/// <param name="AbandonTarget">With <see cref="MoveCommandKind.Cancel"/>: a service's database that does not answer is left as it is.</param>
internal sealed record MoveCommand(Guid Id, MoveCommandKind Kind, string By, MoveAnswer? Answer, bool DropNow = false, bool AbandonTarget = false);

/// <summary>What became of a command.</summary>
public sealed record MoveAnswer(bool Done, string Text);

public enum MoveCommandKind
{
    VDiff,
    SwitchReads,
    SwitchWrites,
    Reverse,
    Complete,
    Cancel,
}

/// <summary>A line of a move's history; lines are added and never changed.</summary>
/// <param name="Evidence">Figures and findings, as JSON; null where there are none.</param>
public sealed record MoveEvent(long Number, DateTimeOffset At, string By, MoveState State, string What, string? Evidence);
