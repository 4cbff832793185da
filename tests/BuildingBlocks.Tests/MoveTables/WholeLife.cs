using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A move that is cancelled, and one there, back and there again, and completed, whatever happens to its coordinators: an operator who asks again.</summary>
internal static class WholeLife
{
    /// <summary>To the service. A switch that broke off is finished by the next coordinator, past some of its steps: each of them comes about in one of these.</summary>
    private const int Switches = 5;

    /// <param name="begin">Begins a move.</param>
    public static async Task GoThroughAsync(Warehouse warehouse, Writers writers, Func<Task> begin)
    {
        await begin();
        await warehouse.ComesToAsync(m => m.State.RunsForward() && m.Trouble is null, "the copy to end");
        await AgainAsync(warehouse, MoveCommandKind.Cancel, m => m.State is MoveState.Cancelled);
        await warehouse.ShouldBeWithoutATraceAsync();

        await begin();
        await warehouse.ComesToAsync(m => m.State.RunsForward() && m.Trouble is null, "the copy to end");
        await using (var watcher = new Watcher(warehouse))
        {
            await VerifyAsync(warehouse);
            await AgainAsync(warehouse, MoveCommandKind.SwitchReads, m => m.State is MoveState.ReadsSwitched);
            for (var i = 1; i < Switches; i++)
            {
                await AgainAsync(warehouse, MoveCommandKind.SwitchWrites, m => m.State is MoveState.WritesSwitched);
                await writers.WroteAsync(10);
                await AgainAsync(warehouse, MoveCommandKind.Reverse, m => m.State is MoveState.ReadsSwitched);
                await writers.WroteAsync(10);
                await VerifyAsync(warehouse);
            }

            await AgainAsync(warehouse, MoveCommandKind.SwitchWrites, m => m.State is MoveState.WritesSwitched);
            await writers.StopAsync();
            await warehouse.CatchUpAsync();
            await warehouse.ShouldBeEqualAsync();
            await writers.ShouldAllBeThereAsync(Owner.Service);
            await VerifyAsync(warehouse);
            watcher.Looks.ShouldBePositive();
            watcher.Seen.ShouldBeEmpty();
        }

        await AgainAsync(warehouse, MoveCommandKind.Complete, m => m.State is MoveState.Completed);
    }

    /// <summary>Whatever happens meanwhile, a comparison that ends is clean.</summary>
    public static async Task VerifyAsync(Warehouse warehouse)
    {
        await AgainAsync(warehouse, MoveCommandKind.VDiff, m => m.VDiff is not null && m.Comparing is null);
        (await warehouse.MoveAsync()).VDiff.ShouldSatisfyAllConditions(r => r.ShouldNotBeNull(), r => r!.IsClean.ShouldBeTrue($"{r.Tables.SelectMany(t => t.Samples).FirstOrDefault()}"));
    }

    /// <summary>Gives a command until it has been carried out: it may break off, and is given again then, as an operator would.</summary>
    public static async Task AgainAsync(Warehouse warehouse, MoveCommandKind kind, Func<Move, bool> isDone)
    {
        for (var attempt = 1; ; attempt++)
        {
            var move = await warehouse.ComesToAsync(
                m => isDone(m) || (m.Trouble is null && m.Comparing is null && m.State is not (MoveState.Fenced or MoveState.ReverseFenced or MoveState.Completing or MoveState.Cancelling)), "the move to be settled");
            if (isDone(move))
            {
                return;
            }

            attempt.ShouldBeLessThan(100, $"{kind} does not come about");
            await warehouse.CatchUpAsync();
            await warehouse.AskAsync(kind);
        }
    }
}
