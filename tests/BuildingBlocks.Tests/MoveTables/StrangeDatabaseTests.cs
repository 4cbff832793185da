using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A database is not the one that it was, or that the move goes to: nothing is written into it, and the move says so.</summary>
public sealed class StrangeDatabaseTests
{
    [Fact]
    public async Task A_host_that_is_configured_with_another_target_carries_nothing_over_to_it()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await using var other = await Warehouse.OpenAsync();
        await warehouse.AddAsync(Owner.Monolith, "before");
        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.ComesToAsync(MoveState.Running);
        }

        await using (warehouse.Coordinate(pair: warehouse.Pair with { Service = other.Pair.Service, Target = "elsewhere" }))
        {
            await warehouse.AddAsync(Owner.Monolith, "for the right one");
            (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!
                .ShouldBe($"elsewhere is not the database that Warehouse is being moved to, or another move has it: this one goes to {warehouse.Pair.Target}. Nothing is carried over. "
                    + "Let MoveTables:Targets:Warehouse name that database again, in every host, or end the move: './shop move cancel warehouse'.");
        }

        (await other.RowsAsync(Owner.Service)).ShouldBeEmpty();
        await using (var connection = await other.Pair.Service.OpenAsync(default))
        {
            (await other.Pair.Service.Engine.TriggersAsync(connection, null, "warehouse", default)).ShouldBeEmpty();
        }

        warehouse.Coordinate();
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Two_moves_do_not_share_a_target()
    {
        await using var warehouse = await Warehouse.RunningAsync();
        await using var second = await Warehouse.OpenAsync();
        await second.AddAsync(Owner.Monolith, "of the second");
        await second.CreateAsync();
        second.Coordinate(pair: second.Pair with { Service = warehouse.Pair.Service });
        (await second.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!.ShouldContain("another move has it");
        (await warehouse.RowsAsync(Owner.Service)).ShouldBeEmpty();
        await second.DoAsync(MoveCommandKind.Cancel);
        await second.ComesToAsync(MoveState.Cancelled);
        await warehouse.AddAsync(Owner.Monolith, "of the first");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task A_service_s_database_that_was_brought_back_from_before_the_switch_is_not_made_the_owner_again()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.MakeReadyAsync();
            await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        }

        var owner = await warehouse.OwnerAsync(Owner.Service);
        await BringBackAsync(Ownerships.AtFirst);
        warehouse.Coordinate();
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!.ShouldContain("it was brought back from a backup of before");
        (await warehouse.OwnerAsync(Owner.Service)).ShouldBe(Ownerships.AtFirst);
        await BringBackAsync(owner);
        await warehouse.AddAsync(Owner.Service, "of the newest state");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();

        Task BringBackAsync(Ownership ownership) => warehouse.ExecuteAsync(
            Owner.Service, $"UPDATE {warehouse.Pair.Service.Table("ownership")} SET \"Owner\" = @owner, \"Epoch\" = @epoch, \"Fenced\" = @fenced",
            ("@owner", ownership.Owner.ToString()), ("@epoch", ownership.Epoch), ("@fenced", ownership.IsFenced));
    }

    [Fact]
    public async Task A_host_s_database_that_was_brought_back_from_before_its_last_coordinator_has_a_later_one()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.ComesToAsync(MoveState.Running);
        }

        await warehouse.ExecuteAsync(Owner.Service, $"UPDATE {warehouse.Pair.Service.Table(Engine.Coordinator)} SET \"Epoch\" = 50");
        var first = warehouse.Coordinate();
        await Eventually.TrueAsync(() => Task.FromResult(first.WasReplaced), "it to begin again");
        await warehouse.ForgetCoordinatorAsync();
        warehouse.Coordinate();
        await warehouse.AddAsync(Owner.Monolith, "carried over by a later one");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        (await warehouse.MoveAsync()).Epoch.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task A_fence_that_was_left_in_the_owner_s_database_is_taken_back()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.MakeReadyAsync();
            await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        }

        await warehouse.ExecuteAsync(
            Owner.Service, $"UPDATE {warehouse.Pair.Service.Table("ownership")} SET \"Epoch\" = \"Epoch\" + 1, \"Fenced\" = @fenced", ("@fenced", true));
        warehouse.Coordinate();
        await Eventually.TrueAsync(async () => await warehouse.OwnerAsync(Owner.Service) is { Owner: Owner.Service, IsFenced: false }, "the service's tables to be open");
        await warehouse.AddAsync(Owner.Service, "of the owner");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task A_column_that_somebody_has_added_meanwhile_is_not_left_behind()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        await warehouse.ExecuteAsync(Owner.Monolith, $"ALTER TABLE {warehouse.Table(Owner.Monolith, "bins")} ADD {(warehouse.Pair.Host.Engine.Provider is DatabaseProvider.SqlServer ? "" : "COLUMN ")}\"Shelf\" int NULL");
        var refused = await warehouse.AskAsync(MoveCommandKind.SwitchWrites);
        refused.Done.ShouldBeFalse();
        refused.Text.ShouldContain("bins.Shelf in the host's database is not in the module's model: what is in it would be left behind");
        await warehouse.ComesToAsync(MoveState.ReadsSwitched);
    }
}
