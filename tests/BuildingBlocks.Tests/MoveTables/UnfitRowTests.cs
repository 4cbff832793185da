using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A value that the one engine takes and the other has no place for: text with a NUL, from SQLite to PostgreSQL.</summary>
public sealed class UnfitRowTests
{
    private const string Unfit = "nul\0nul";

    [PostgreSqlFact]
    public async Task In_the_copy_it_stops_the_move_until_it_is_mended()
    {
        await using var warehouse = await OpenAsync();
        var id = await warehouse.AddAsync(Owner.Monolith, Unfit);
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(MoveState.Copying), m => m.Trouble!.ShouldContain("A row cannot be stored in the other database"));
        await MendAsync(warehouse, id);
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [PostgreSqlFact]
    public async Task Written_right_before_the_fence_it_takes_the_switch_back()
    {
        await using var warehouse = await OpenAsync();
        await warehouse.CreateAsync();
        var (isArmed, id) = (false, Guid.Empty);
        warehouse.Coordinate((step, isDone) =>
        {
            if (Volatile.Read(ref isArmed) && step is MoveStep.SourceFenced && !isDone)
            {
                Volatile.Write(ref isArmed, false);
                id = warehouse.AddAsync(Owner.Monolith, Unfit).GetAwaiter().GetResult();
            }
        });
        await warehouse.MakeReadyAsync();
        Volatile.Write(ref isArmed, true);
        var answer = await warehouse.AskAsync(MoveCommandKind.SwitchWrites);
        (answer.Done, Volatile.Read(ref isArmed)).ShouldBe((false, false), answer.Text);
        await warehouse.ComesToAsync(MoveState.ReadsSwitched);
        await warehouse.AddAsync(Owner.Monolith, "traffic goes on");
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!.ShouldContain("A row cannot be stored in the other database");
        await MendAsync(warehouse, id);
        await warehouse.CatchUpAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    private static async Task<Warehouse> OpenAsync() =>
        await Warehouse.OpenAsync(await TestDatabase.CreateAsync(DatabaseProvider.Sqlite), await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql));

    private static Task MendAsync(Warehouse warehouse, Guid id) =>
        warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Label\" = 'mended' WHERE \"Id\" = @id", ("@id", id));
}
