using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Which command may be given when.</summary>
public sealed class MoveRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Move Ready = new(
        Guid.CreateVersion7(), "Warehouse", Move.CurrentFormat, MoveState.Running, Returns: null, Epoch: 1, Holder: null, IsPaused: false, RowsPerSecond: null, "somewhere", Now, "test",
        Now, Trouble: null, new MoveProgress(Now, 1, 1, 1, 0, Now, 0, "", VDiff: null), Command: null, Compared(Now, differing: 0), Comparing: null, Gap: null, IsOpened: false);

    [Theory]
    [InlineData(MoveState.Created, "Cancel")]
    [InlineData(MoveState.Copying, "Cancel")]
    [InlineData(MoveState.Running, "VDiff, SwitchReads, Cancel")]
    [InlineData(MoveState.Verified, "VDiff, SwitchReads, Cancel")]
    [InlineData(MoveState.ReadsSwitched, "VDiff, SwitchWrites, Cancel")]
    [InlineData(MoveState.Fenced, "")]
    [InlineData(MoveState.WritesSwitched, "VDiff, Reverse, Complete")]
    [InlineData(MoveState.ReverseFenced, "")]
    [InlineData(MoveState.Completing, "")]
    [InlineData(MoveState.Completed, "")]
    [InlineData(MoveState.Cancelling, "Cancel")]
    [InlineData(MoveState.Cancelled, "")]
    public void Of_a_move_where_all_is_well(MoveState state, string legal) =>
        string.Join(", ", Enum.GetValues<MoveCommandKind>().Where(kind => Problems(Ready with { State = state }, kind).Count == 0)).ShouldBe(legal);

    [Theory]
    [InlineData(MoveState.Cancelled, "Begin another: './shop move create warehouse'")]
    [InlineData(MoveState.Completed, "the host's tables are retired")]
    public void One_that_has_ended_says_so_whatever_it_is_asked_to_do(MoveState state, string reason)
    {
        foreach (var kind in Enum.GetValues<MoveCommandKind>())
        {
            Problems(Ready with { State = state }, kind).ShouldHaveSingleItem().ShouldContain(reason);
        }
    }

    public static TheoryData<string, string, string> Troubles => new()
    {
        { "paused", "Cancel", "./shop move resume warehouse" },
        { "troubled", "VDiff, Cancel", "Changes are not carried over at the moment: the disk is full" },
        { "behind", "VDiff, Cancel", "more than 5 s behind (7 changes to carry over)" },
        { "never equal", "VDiff, Cancel", "more than 5 s behind" },
        { "not compared", "VDiff, SwitchReads, Reverse, Cancel", "First: './shop move vdiff warehouse'" },
        { "differing", "VDiff, Cancel", "found differences" },
        { "with a gap", "VDiff, Cancel", "was not recorded" },
        { "compared long ago", "VDiff, SwitchReads, Reverse, Cancel", "older than 60 minutes" },
        { "of another version", "", "the version that began it" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Of_a_move_where_something_is_not(string what, string legal, string reason)
    {
        var move = what switch
        {
            "paused" => Ready with { IsPaused = true },
            "troubled" => Ready with { Trouble = "the disk is full." },
            "behind" => Ready with { Progress = Ready.Progress! with { CaughtUpAt = Now.AddSeconds(-6), LogRows = 7 } },
            "never equal" => Ready with { Progress = Ready.Progress! with { CaughtUpAt = null } },
            "not compared" => Ready with { VDiff = null },
            "differing" => Ready with { VDiff = Compared(Now, differing: 1) },
            "with a gap" => Ready with { VDiff = null, Gap = "A write was not recorded." },
            "compared long ago" => Ready with { VDiff = Compared(Now.AddMinutes(-61), differing: 0) },
            _ => Ready with { Format = Move.CurrentFormat + 1 },
        };
        var answers = Enum.GetValues<MoveCommandKind>().Select(kind => (Kind: kind, Problems: Problems(move with { State = StateFor(kind) }, kind))).ToList();
        string.Join(", ", answers.Where(a => a.Problems.Count == 0).Select(a => a.Kind)).ShouldBe(legal);
        answers.Where(a => a.Problems.Count > 0).ShouldAllBe(a => a.Problems.Single().Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>One in which the command may be given otherwise.</summary>
    private static MoveState StateFor(MoveCommandKind kind) => kind switch
    {
        MoveCommandKind.SwitchWrites => MoveState.ReadsSwitched,
        MoveCommandKind.Reverse or MoveCommandKind.Complete => MoveState.WritesSwitched,
        _ => MoveState.Running,
    };

    private static IReadOnlyList<string> Problems(Move move, MoveCommandKind kind) => MoveRules.Problems(move, kind, new MoveTablesOptions(), Now);

    private static VDiffReport Compared(DateTimeOffset at, long differing) => new(at, at, "", [new VDiffTable("bins", 1, differing, 0, 0, [])]);
}
