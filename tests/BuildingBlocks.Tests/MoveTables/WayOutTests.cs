using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Whatever a move is stuck in, there is a way out, and nobody is kept from writing.</summary>
public sealed class WayOutTests
{
    [Fact]
    public async Task Writes_that_were_not_recorded_are_compared_before_they_go_back()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        var unrecorded = Guid.CreateVersion7();
        foreach (var statement in warehouse.Pair.Service.Engine.DropTriggers(warehouse.Pair.Service.Schema, warehouse.Pair.Tables["bins"]).Where(s => s.Contains("TRIGGER", StringComparison.Ordinal)))
        {
            await warehouse.ExecuteAsync(Owner.Service, statement);
        }

        await using (var connection = await warehouse.ConnectAsync(Owner.Service))
        {
            await warehouse.InsertBinAsync(connection, null, unrecorded, "not recorded", Owner.Service);
        }

        await warehouse.ComesToAsync(m => m.Gap is not null, "the missing triggers to be found");
        await ShouldBeRefusedAsync("may not have been carried over");
        (await warehouse.VerifyAsync()).Tables.Single(t => t.Table == "bins").Missing.ShouldBe(1);
        await ShouldBeRefusedAsync("may not have been carried over");
        await warehouse.ExecuteAsync(Owner.Service, $"UPDATE {warehouse.Table(Owner.Service, "bins")} SET \"Size\" = 1 WHERE \"Id\" = @id", ("@id", unrecorded));
        await warehouse.CatchUpAsync();
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.Reverse);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();

        async Task ShouldBeRefusedAsync(string reason)
        {
            var refused = await warehouse.AskAsync(MoveCommandKind.Reverse);
            refused.Done.ShouldBeFalse();
            refused.Text.ShouldContain(reason);
        }
    }

    [Fact]
    public async Task A_switch_that_fails_for_whatever_reason_is_answered_and_not_tried_again_unasked()
    {
        var (tries, isArmed) = (0, true);
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.OwnerRecorded && !isDone && Volatile.Read(ref isArmed))
            {
                Interlocked.Increment(ref tries);
                throw new InvalidOperationException("nobody has thought of this");
            }
        });
        await warehouse.MakeReadyAsync();
        var answer = await warehouse.AskAsync(MoveCommandKind.SwitchWrites);
        answer.Done.ShouldBeFalse();
        answer.Text.ShouldBe("nobody has thought of this");
        await warehouse.ComesToAsync(MoveState.ReadsSwitched);
        await warehouse.AddAsync(Owner.Monolith, "of the owner");
        await warehouse.CatchUpAsync();
        tries.ShouldBe(1);
        Volatile.Write(ref isArmed, false);
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
    }

    [PostgreSqlFact]
    public async Task A_move_whose_target_is_gone_for_good_is_cancelled()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), await TestDatabase.OnAsync(server));
        await warehouse.AddAsync(Owner.Monolith, "before");
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        await server.StopAsync();
        await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told");
        await warehouse.DoAsync(MoveCommandKind.Cancel);
        (await warehouse.ComesToAsync(m => m is { State: MoveState.Cancelling, Trouble: not null } && m.Trouble.Contains("--abandon-target", StringComparison.Ordinal), "the way out to be told")).Trouble!
            .ShouldContain("Nothing of the move is left in the host's database");
        await using (var connection = await warehouse.Pair.Host.OpenAsync(default))
        {
            (await warehouse.Pair.Host.Engine.TriggersAsync(connection, null, "warehouse", default)).ShouldBeEmpty();
            (await warehouse.Pair.Host.Engine.HasTableAsync(connection, null, "warehouse", Engine.ChangeLog, default)).ShouldBeFalse();
        }

        await warehouse.TellAsync(MoveCommandKind.Cancel, abandonTarget: true);
        await warehouse.ComesToAsync(m => m is { State: MoveState.Cancelled, Command.Answer: not null }, "the move to end");
        (await warehouse.HistoryAsync())[^1].What.ShouldContain("was left as it was");
    }

    [Fact]
    public async Task A_move_whose_triggers_cannot_be_made_again_is_cancelled()
    {
        await using var warehouse = await Warehouse.RunningAsync();
        await warehouse.ExecuteAsync(Owner.Service, $"DROP TABLE {warehouse.Table(Owner.Service, "tags")}");
        await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told");
        await warehouse.DoAsync(MoveCommandKind.Cancel);
        await warehouse.ComesToAsync(m => m is { State: MoveState.Cancelling, Trouble: not null }, "the table to be missed");
        await warehouse.TellAsync(MoveCommandKind.Cancel, abandonTarget: true);
        await warehouse.ComesToAsync(MoveState.Cancelled);
    }

    /// <remarks>VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY: what they lock, opening the tables waits for.</remarks>
    [PostgreSqlFact]
    public async Task Who_tidies_up_the_tables_that_would_be_opened_is_found_out_before_anybody_waits()
    {
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql));
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        await using (var connection = await warehouse.ConnectAsync(Owner.Service))
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync(
                transaction, $"SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE {warehouse.Table(Owner.Service, "bins")} IN SHARE UPDATE EXCLUSIVE MODE", default);
            var refused = await warehouse.AskAsync(MoveCommandKind.SwitchWrites);
            refused.Done.ShouldBeFalse();
            refused.Text.ShouldContain("The tables in the service's database could not be opened: process ");
        }

        (await warehouse.HistoryAsync()).ShouldNotContain(e => e.State == MoveState.Fenced);
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
    }

    /// <remarks>In the middle of a COPY, which the server takes for work.</remarks>
    [PostgreSqlFact]
    public async Task A_coordinator_that_was_stopped_while_it_copied_is_not_waited_for()
    {
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql));
        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.ComesToAsync(MoveState.Running);
        }

        await using var asleep = (Npgsql.NpgsqlConnection)await warehouse.Pair.Service.OpenAsync(default);
        await using (var transaction = await warehouse.Pair.Service.BeginAsync(asleep, (await warehouse.MoveAsync()).Epoch, default))
        {
            await transaction.BeginReplicatingAsync(default);
            var copy = await asleep.BeginBinaryImportAsync($"COPY {warehouse.Table(Owner.Service, "tags")} FROM STDIN (FORMAT BINARY)");
            warehouse.Coordinate();
            await warehouse.AddAsync(Owner.Monolith, "carried over meanwhile");
            await warehouse.CatchUpAsync();
            await Should.ThrowAsync<Npgsql.NpgsqlException>(async () => await copy.CompleteAsync());
        }

        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Lines_of_the_history_that_are_written_at_once_are_all_there()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        await Task.WhenAll(Enumerable.Range(1, 12).Select(async i =>
        {
            await using var connection = await warehouse.Pair.Host.OpenAsync(default);
            await warehouse.Store.NoteAsync(connection, warehouse.Id, "test", MoveState.Created, $"line {i}", null, default);
        }));
        (await warehouse.HistoryAsync()).Select(e => e.Number).ShouldBe(Enumerable.Range(1, 13).Select(i => (long)i));
    }
}
