using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>What is not safe yet is refused with the way out, and changes nothing.</summary>
public sealed class RefusedCommandTests
{
    [Fact]
    public async Task Writes_are_switched_after_reads_and_a_comparison_and_a_move_with_differences_is_not_completed()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        var id = await warehouse.AddAsync(Owner.Monolith, "to differ");
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.CatchUpAsync();
        await ShouldBeRefusedAsync(warehouse, MoveCommandKind.SwitchWrites, "Writes are switched after reads");
        await ShouldBeRefusedAsync(warehouse, MoveCommandKind.Reverse, "Only switched writes can go back");
        await ShouldBeRefusedAsync(warehouse, MoveCommandKind.Complete, "completed after its writes are switched");
        await warehouse.DoAsync(MoveCommandKind.SwitchReads);
        await ShouldBeRefusedAsync(warehouse, MoveCommandKind.SwitchWrites, "No comparison has been made");
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await ShouldBeRefusedAsync(warehouse, MoveCommandKind.Complete, "No comparison has been made");
        await ShouldBeRefusedAsync(warehouse, MoveCommandKind.Cancel, "would lose what it has written");

        await warehouse.TrespassAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = 7 WHERE \"Id\" = @id", ("@id", id));
        (await warehouse.VerifyAsync()).IsClean.ShouldBeFalse();
        await ShouldBeRefusedAsync(warehouse, MoveCommandKind.Complete, "found differences");
        await warehouse.ExecuteAsync(Owner.Service, $"UPDATE {warehouse.Table(Owner.Service, "bins")} SET \"Size\" = 8 WHERE \"Id\" = @id", ("@id", id));
        await warehouse.CatchUpAsync();
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.Complete);
        await warehouse.ComesToAsync(MoveState.Completed);
    }

    [Fact]
    public async Task Writes_are_not_switched_while_the_way_back_could_not_be_recorded()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        foreach (var statement in warehouse.Pair.Service.Engine.DropTriggers(warehouse.Pair.Service.Schema, warehouse.Pair.Tables["items"]).Where(s => s.Contains("capture", StringComparison.Ordinal) && s.Contains("TRIGGER", StringComparison.Ordinal)))
        {
            await warehouse.ExecuteAsync(Owner.Service, statement);
        }

        (await warehouse.AskAsync(MoveCommandKind.SwitchWrites)).Done.ShouldBeFalse();
        (await warehouse.HistoryAsync()).ShouldContain(e => e.What.Contains("were missing or switched off in the service's database", StringComparison.Ordinal));
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.AddAsync(Owner.Service, "recorded");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    /// <remarks>By somebody who leaves no other trace: in one transaction, so that nobody finds them missing.</remarks>
    [Fact]
    public async Task Triggers_that_were_away_for_a_moment_and_are_back_are_found_out_before_writes_are_switched()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        var host = warehouse.Pair.Host;
        var unrecorded = Guid.CreateVersion7();
        await using (var connection = await host.OpenAsync(default))
        await using (var transaction = await host.Engine.BeginWriteAsync(connection, default))
        {
            var bins = warehouse.Pair.Tables["bins"];
            await ExecuteAsync(host.Engine.DropTriggers(host.Schema, bins));
            await warehouse.InsertBinAsync(connection, transaction, unrecorded, "not recorded");
            await ExecuteAsync(host.Engine.CreateTriggers(host.Schema, bins));
            await host.Engine.SwitchTriggersAsync(connection, transaction, host.Schema, warehouse.Pair.Tables, capture: true, deny: false, default);
            await transaction.CommitAsync();

            async Task ExecuteAsync(IEnumerable<string> statements)
            {
                foreach (var statement in statements)
                {
                    await connection.ExecuteAsync(transaction, statement, default);
                }
            }
        }

        (await warehouse.AskAsync(MoveCommandKind.SwitchWrites)).Done.ShouldBeFalse();
        (await warehouse.HistoryAsync()).ShouldContain(e => e.What.Contains("were made anew or switched off since the last comparison", StringComparison.Ordinal));
        (await warehouse.VerifyAsync()).Tables.Single(t => t.Table == "bins").Missing.ShouldBe(1);
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = 1 WHERE \"Id\" = @id", ("@id", unrecorded));
        await warehouse.CatchUpAsync();
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
    }

    [Fact]
    public async Task A_trigger_that_refuses_the_owner_s_writes_is_switched_off_again_unasked()
    {
        await using var warehouse = await Warehouse.RunningAsync();
        await using (var connection = await warehouse.Pair.Host.OpenAsync(default))
        await using (var transaction = await warehouse.Pair.Host.Engine.BeginWriteAsync(connection, default))
        {
            await warehouse.Pair.Host.Engine.SwitchTriggersAsync(connection, transaction, warehouse.Pair.Host.Schema, warehouse.Pair.Tables, capture: null, deny: true, default);
            await transaction.CommitAsync();
        }

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await warehouse.AddAsync(Owner.Monolith, "of the owner");
                    return true;
                }
                catch (DbUpdateException e) when (e.IsModuleMoved())
                {
                    return false;
                }
            },
            "the owner to write again");
        await Eventually.TrueAsync(
            async () => (await warehouse.HistoryAsync()).Any(e => e.What.Contains("were missing or switched off in the host's database", StringComparison.Ordinal)), "it to be told");
    }

    [Fact]
    public async Task A_move_of_another_version_of_the_program_is_left_as_it_is()
    {
        await using var warehouse = await Warehouse.RunningAsync();
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Pair.Host.Table(MoveStore.Moves)} SET \"Format\" = 0");
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!.ShouldContain("finish or cancel it with the version that began it");
        var refused = await warehouse.Moves.CommandAsync("warehouse", MoveCommandKind.Cancel, new GiveCommand("cancel"), "test", default);
        refused.Error!.Detail.ShouldContain("of format 0 and this program's is 1");
        await warehouse.AddAsync(Owner.Monolith, "written meanwhile");
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Pair.Host.Table(MoveStore.Moves)} SET \"Format\" = 1");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task A_row_that_the_service_s_database_cannot_hold_stops_the_copy_until_it_is_mended()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        var id = await warehouse.AddAsync(Owner.Monolith, "not empty");
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = -1 WHERE \"Id\" = @id", ("@id", id));
        await warehouse.ExecuteAsync(Owner.Service, Warehouse.TargetEngine is DatabaseProvider.Sqlite
            ? "CREATE TRIGGER narrow BEFORE INSERT ON bins WHEN NEW.\"Size\" < 0 BEGIN SELECT RAISE(ABORT, 'negative'); END"
            : $"ALTER TABLE {warehouse.Table(Owner.Service, "bins")} ADD CONSTRAINT narrow CHECK (\"Size\" >= 0)");
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(MoveState.Copying), m => m.Trouble!.ShouldContain("A row cannot be stored in the other database"));
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = 1 WHERE \"Id\" = @id", ("@id", id));
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    /// <remarks>The seventh of the nastiest cases: a coordinator sleeps between the fence and the owner's row, and its successor takes the fence back.</remarks>
    [Fact]
    public async Task A_coordinator_that_sleeps_behind_its_fence_makes_nobody_the_owner_once_the_fence_was_taken_back()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        using var asleep = new SemaphoreSlim(0);
        using var wake = new SemaphoreSlim(0);
        var first = warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.OwnerRecorded && !isDone)
            {
                asleep.Release();
                wake.Wait();
            }
        });
        await warehouse.MakeReadyAsync();
        var command = await warehouse.TellAsync(MoveCommandKind.SwitchWrites);
        await asleep.WaitAsync();
        (await Should.ThrowAsync<DbUpdateException>(() => warehouse.AddAsync(Owner.Monolith, "fenced"))).IsModuleMoved().ShouldBeTrue();

        // The command is withdrawn: its successor would try it again.
        await using (var connection = await warehouse.Pair.Host.OpenAsync(default))
        {
            await warehouse.Store.AnswerAsync(connection, warehouse.Id, (await warehouse.MoveAsync()).Epoch, command, new MoveAnswer(false, "withdrawn"), default);
        }

        await warehouse.ForgetCoordinatorAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.ReadsSwitched);
        await warehouse.AddAsync(Owner.Monolith, "of the owner");
        wake.Release();
        await Eventually.TrueAsync(() => Task.FromResult(first.WasReplaced), "the first coordinator to notice");
        (await warehouse.OwnerAsync(Owner.Monolith)).ShouldSatisfyAllConditions(o => o.Owner.ShouldBe(Owner.Monolith), o => o.IsFenced.ShouldBeFalse());
        await warehouse.AddAsync(Owner.Monolith, "still of the owner");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Of_two_operators_who_ask_at_once_the_second_is_told_of_the_first()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        // Nobody coordinates: what is asked first stays unanswered.
        await warehouse.TellAsync(MoveCommandKind.Cancel);
        var refused = await warehouse.Moves.CommandAsync("warehouse", MoveCommandKind.Cancel, new GiveCommand("cancel"), "another", default);
        refused.Error!.Detail.ShouldContain("'cancel' of test is being carried out");
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Cancelled);
    }

    private static async Task ShouldBeRefusedAsync(Warehouse warehouse, MoveCommandKind kind, string reason)
    {
        var before = (await warehouse.MoveAsync()).State;
        var answer = await warehouse.AskAsync(kind);
        answer.Done.ShouldBeFalse();
        answer.Text.ShouldContain(reason);
        (await warehouse.MoveAsync()).State.ShouldBe(before);
    }
}
