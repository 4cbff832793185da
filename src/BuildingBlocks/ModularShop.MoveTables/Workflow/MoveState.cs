namespace ModularShop.MoveTables;

/// <summary>Where the move of a module is.</summary>
public enum MoveState
{
    /// <summary>Checked and recorded; triggers are being made.</summary>
    Created,

    /// <summary>Rows are being copied, and changes of those copied are carried over.</summary>
    Copying,

    /// <summary>All rows are there; changes are carried over.</summary>
    Running,

    /// <summary>Running, and a comparison of all rows has found no difference.</summary>
    Verified,

    /// <summary>The service answers the module's reads; writes are the host's.</summary>
    ReadsSwitched,

    /// <summary>The host's tables take no writes: what is left of the log is carried over.</summary>
    Fenced,

    /// <summary>The service owns the data; the host's tables follow.</summary>
    WritesSwitched,

    /// <summary>On the way back: the service's tables take no writes.</summary>
    ReverseFenced,

    /// <summary>The host's tables are being retired.</summary>
    Completing,

    /// <summary>The data is the service's alone.</summary>
    Completed,

    /// <summary>What was made for the move is being removed.</summary>
    Cancelling,

    /// <summary>As if nothing had been.</summary>
    Cancelled,
}

internal static class MoveStates
{
    public static bool IsLive(this MoveState state) => state is not (MoveState.Completed or MoveState.Cancelled);

    /// <summary>Changes are carried from the host's tables to the service's.</summary>
    public static bool RunsForward(this MoveState state) => state is MoveState.Running or MoveState.Verified or MoveState.ReadsSwitched;

    /// <summary>Changes are carried from the tables that are written to those that follow.</summary>
    public static bool CarriesOver(this MoveState state) => state.RunsForward() || state is MoveState.WritesSwitched;

    /// <summary>The service's tables have never been written by the service, or no longer are.</summary>
    public static bool CanBeCancelled(this MoveState state) => state is MoveState.Created or MoveState.Copying || state.RunsForward();
}

/// <summary>
/// What is durable, in the order in which it becomes so. A coordinator may die right before and right after each; the
/// next one goes on from what is in the two databases.
/// </summary>
public enum MoveStep
{
    HostAdmitted,
    ServiceAdmitted,
    PlumbingMade,
    TargetDenied,
    CaptureBegun,
    CopyPrepared,
    CopyBegun,
    ChunkWritten,
    ChangesApplied,
    ChangesTakenOff,
    IndexesRestored,
    RunningRecorded,
    ChangesCarriedOver,
    VDiffRecorded,
    ReadsRouted,
    ReadsRecorded,
    SourceFenced,
    Drained,
    OwnerRecorded,
    TargetOpened,
    WritesRecorded,
    ChangesCarriedBack,
    ReverseBegun,
    TargetFenced,
    TargetReopened,
    ReverseDrained,
    OwnerReturned,
    SourceOpened,
    ReverseRecorded,
    CompleteBegun,
    SourceClosed,
    TargetFreed,
    SourceRetired,
    CompleteRecorded,
    CancelBegun,
    TargetClosed,
    SourceFreed,
    TargetEmptied,
    CancelRecorded,
}
