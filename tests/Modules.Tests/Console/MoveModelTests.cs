using ModularShop.Host.Console;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace Modules.Tests.Console;

/// <summary>What the page of a move offers, and how it draws the way.</summary>
public sealed class MoveModelTests
{
    [Theory]
    [InlineData(MoveState.Created, "cancel")]
    [InlineData(MoveState.Copying, "cancel")]
    [InlineData(MoveState.Running, "cancel")]
    [InlineData(MoveState.ReadsSwitched, "cancel")]
    [InlineData(MoveState.Fenced, "cancel")]
    [InlineData(MoveState.WritesSwitched, "reverse cancel")]
    [InlineData(MoveState.ReverseFenced, "cancel")]
    [InlineData(MoveState.Completing, "")]
    [InlineData(MoveState.Completed, "")]
    [InlineData(MoveState.Cancelling, "")]
    [InlineData(MoveState.Cancelled, "")]
    public void The_ways_back_are_offered_also_where_nothing_can_be_done_at_the_moment(MoveState state, string offered) =>
        string.Join(' ', Of(state).Actions.Select(a => a.Word)).ShouldBe(offered);

    [Fact]
    public void What_can_be_done_is_offered_once() => Of(MoveState.WritesSwitched, "vdiff", "reverse-traffic", "complete").Actions.Select(a => a.Word).ShouldBe(["vdiff", "reverse", "complete", "cancel"]);

    [Fact]
    public void A_state_that_the_move_has_not_been_in_is_passed_over_and_not_done()
    {
        Line(MoveState.ReadsSwitched, MoveState.Created, MoveState.Copying, MoveState.Running, MoveState.ReadsSwitched)
            .ShouldBe("Created+ Copying+ Running+ Verified- ReadsSwitched! WritesSwitched Completed");
        Line(MoveState.ReadsSwitched, MoveState.Created, MoveState.Copying, MoveState.Running, MoveState.Verified, MoveState.ReadsSwitched)
            .ShouldBe("Created+ Copying+ Running+ Verified+ ReadsSwitched! WritesSwitched Completed");
    }

    [Fact]
    public void What_the_move_has_gone_back_behind_does_not_count()
    {
        Line(MoveState.ReadsSwitched, MoveState.Created, MoveState.Copying, MoveState.Running, MoveState.Verified, MoveState.Running, MoveState.ReadsSwitched)
            .ShouldBe("Created+ Copying+ Running+ Verified- ReadsSwitched! WritesSwitched Completed");
        Line(MoveState.ReverseFenced, MoveState.Created, MoveState.Copying, MoveState.Running, MoveState.Verified, MoveState.ReadsSwitched, MoveState.Fenced, MoveState.WritesSwitched, MoveState.ReverseFenced)
            .ShouldBe("Created+ Copying+ Running+ Verified+ ReadsSwitched+ ReverseFenced! WritesSwitched Completed");
    }

    [Fact]
    public void A_cancelled_move_shows_how_far_it_came() =>
        Line(MoveState.Cancelled, MoveState.Created, MoveState.Copying, MoveState.Running, MoveState.Cancelling, MoveState.Cancelled).ShouldBe("Created+ Copying+ Running+ Cancelled!");

    [Fact]
    public void Where_nobody_knows_the_history_nothing_is_said_of_it() =>
        string.Join(' ', MoveWords.Line(MoveState.Running, null).Select(Text)).ShouldBe("Created Copying Running! Verified ReadsSwitched WritesSwitched Completed");

    private static string Line(MoveState now, params MoveState[] history) => string.Join(' ', MoveWords.Line(now, history).Select(Text));

    private static string Text(MoveStop stop) => stop.State + (stop.IsHere ? "!" : stop.IsDone ? "+" : stop.IsPassedOver ? "-" : "");

    private static MoveModel Of(MoveState state, params string[] next) => new(
        new OwnershipDetails("Catalog", Owner.Monolith, 1, Fenced: false, null, null, null),
        new MoveView(
            Guid.Empty, "Catalog", state, "Replica", false, null, "there", default, "somebody", default, null, 0, 0, 0, null, null, 0, null, 0, null, null, "", "It does not answer.", next),
        null, [], []);
}
