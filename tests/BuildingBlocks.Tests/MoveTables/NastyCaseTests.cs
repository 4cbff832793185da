using System.Data;
using System.Data.Common;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>What goes wrong where data is moved while it is written.</summary>
public sealed class NastyCaseTests
{
    private static bool HasOneWriter => TestDatabase.Engine is DatabaseProvider.Sqlite;

    [Fact]
    public async Task A_change_that_commits_after_later_ones_have_been_carried_over_is_carried_over()
    {
        await using var warehouse = await RunningAsync();
        await using var slow = await warehouse.ConnectAsync(Owner.Monolith);
        await using var open = await slow.BeginTransactionAsync();
        var early = Guid.CreateVersion7();
        await warehouse.InsertBinAsync(slow, open, early, "early");
        if (!HasOneWriter)
        {
            await warehouse.AddAsync(Owner.Monolith, "late");
            await warehouse.CatchUpAsync();
        }

        await open.CommitAsync();
        await warehouse.CatchUpAsync();
        (await warehouse.RowsAsync(Owner.Service)).ShouldContain(row => row.Contains("early", StringComparison.Ordinal));
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Rows_that_change_and_go_between_the_reading_and_the_writing_of_their_chunk_arrive_as_they_are()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        var (changed, gone) = (await warehouse.AddAsync(Owner.Monolith, "changes"), await warehouse.AddAsync(Owner.Monolith, "goes"));
        await warehouse.CreateAsync();
        var once = 0;
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.ChunkWritten && !isDone && Interlocked.Exchange(ref once, 1) == 0)
            {
                warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = 7 WHERE \"Id\" = @id", ("@id", changed)).GetAwaiter().GetResult();
                warehouse.ExecuteAsync(Owner.Monolith, $"DELETE FROM {warehouse.Table(Owner.Monolith, "bins")} WHERE \"Id\" = @id", ("@id", gone)).GetAwaiter().GetResult();
            }
        });
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.CatchUpAsync();
        once.ShouldBe(1);
        await warehouse.ShouldBeEqualAsync();
        (await warehouse.RowsAsync(Owner.Service)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_is_deleted_and_inserted_again_across_a_switch_and_back_has_its_last_row()
    {
        await using var warehouse = await RunningAsync();
        var id = await warehouse.AddAsync(Owner.Monolith, "first");
        await warehouse.MakeReadyAsync();
        await warehouse.ExecuteAsync(Owner.Monolith, $"DELETE FROM {warehouse.Table(Owner.Monolith, "bins")}");
        await warehouse.CatchUpAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await using (var service = await warehouse.ConnectAsync(Owner.Service))
        {
            await warehouse.InsertBinAsync(service, null, id, "second", Owner.Service);
            await service.ExecuteAsync(null, $"DELETE FROM {warehouse.Table(Owner.Service, "bins")}", default);
            await warehouse.InsertBinAsync(service, null, id, "third", Owner.Service);
        }

        await warehouse.CatchUpAsync();
        await warehouse.DoAsync(MoveCommandKind.Reverse);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        (await warehouse.RowsAsync(Owner.Monolith)).ShouldHaveSingleItem().ShouldContain("third");
    }

    [Theory]
    [InlineData(IsolationLevel.ReadCommitted)]
    [InlineData(IsolationLevel.RepeatableRead)]
    [InlineData(IsolationLevel.Serializable)]
    public async Task A_transaction_that_looked_at_the_owner_before_the_fence_writes_nothing_after_it(IsolationLevel isolation)
    {
        await using var warehouse = await RunningAsync();
        await warehouse.MakeReadyAsync();
        await using var slow = await warehouse.ConnectAsync(Owner.Monolith);
        // SQLite takes the lock of a writer with the first write of a deferred transaction.
        await using var open = slow is Microsoft.Data.Sqlite.SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: true) : await slow.BeginTransactionAsync(isolation);
        await slow.CountAsync(open, warehouse.Table(Owner.Monolith, "ownership"), default);
        if (TestDatabase.Engine is DatabaseProvider.SqlServer && isolation is not IsolationLevel.ReadCommitted)
        {
            // What such a transaction has read nobody changes before it ends.
            (await warehouse.AskAsync(MoveCommandKind.SwitchWrites)).Done.ShouldBeFalse();
            await open.RollbackAsync();
            await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
            return;
        }

        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        var refused = await Should.ThrowAsync<DbException>(() => warehouse.InsertBinAsync(slow, open, Guid.CreateVersion7(), "too late"));
        // A snapshot of before that is written to is refused by SQLite itself.
        (refused.IsModuleMoved() || refused is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 5 }).ShouldBeTrue(refused.Message);
    }

    [Fact]
    public async Task A_transaction_that_does_not_end_makes_a_switch_give_up_and_say_who_blocks_it()
    {
        await using var warehouse = await RunningAsync(("MoveTables:SwitchSeconds", "1"));
        await warehouse.MakeReadyAsync();
        await using (var slow = await warehouse.ConnectAsync(Owner.Monolith))
        {
            await using var open = await slow.BeginTransactionAsync();
            await warehouse.InsertBinAsync(slow, open, Guid.CreateVersion7(), "blocks");
            var answer = HasOneWriter ? new MoveAnswer(false, "could not be fenced") : await warehouse.AskAsync(MoveCommandKind.SwitchWrites);
            answer.Done.ShouldBeFalse();
            answer.Text.ShouldContain("could not be fenced");
            answer.Text.ShouldContain(TestDatabase.Engine is DatabaseProvider.PostgreSql ? "process " : "");
            await open.CommitAsync();
        }

        (await warehouse.MoveAsync()).State.ShouldBe(MoveState.ReadsSwitched);
        await warehouse.AddAsync(Owner.Monolith, "goes on");
        await warehouse.CatchUpAsync();
        (HasOneWriter ? "could not be fenced" : (await warehouse.MoveAsync()).Command!.Answer!.Text).ShouldContain("could not be fenced");
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
    }

    [Fact]
    public async Task A_coordinator_that_was_replaced_while_it_slept_changes_nothing_more()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        using var asleep = new SemaphoreSlim(0);
        using var wake = new SemaphoreSlim(0);
        var sleeps = 0;
        var first = warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.ChangesApplied && !isDone && Volatile.Read(ref sleeps) == 1 && Interlocked.Exchange(ref sleeps, 2) == 1)
            {
                asleep.Release();
                wake.Wait();
            }
        });
        await warehouse.MakeReadyAsync();
        Volatile.Write(ref sleeps, 1);
        await asleep.WaitAsync();
        await warehouse.ForgetCoordinatorAsync();
        warehouse.Coordinate();
        await warehouse.CatchUpAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.AddAsync(Owner.Service, "of the new owner");
        wake.Release();
        await Eventually.TrueAsync(() => Task.FromResult(first.WasReplaced), "the first coordinator to notice");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        (await warehouse.OwnerAsync(Owner.Service)).Owner.ShouldBe(Owner.Service);
        (await Should.ThrowAsync<DbUpdateException>(() => warehouse.AddAsync(Owner.Monolith, "denied"))).IsModuleMoved().ShouldBeTrue();
    }

    [Fact]
    public async Task Unique_values_that_two_rows_swap_and_children_that_change_their_parent_arrive()
    {
        await using var warehouse = await RunningAsync();
        var (a, b) = (await warehouse.AddAsync(Owner.Monolith, "a"), await warehouse.AddAsync(Owner.Monolith, "b"));
        await using (var host = warehouse.OpenSource())
        {
            host.AddRange(new Item { Id = Guid.CreateVersion7(), BinId = a, Sku = "one" }, new Item { Id = Guid.CreateVersion7(), BinId = b, Sku = "two" }, new Tag { BinId = a, Name = "t" });
            await host.SaveChangesAsync();
        }

        await warehouse.CatchUpAsync();
        await using (var connection = await warehouse.ConnectAsync(Owner.Monolith))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var (table, column) in new[] { ("bins", "Label"), ("items", "Sku") })
            {
                var (one, two) = table == "bins" ? ("a", "b") : ("one", "two");
                foreach (var (from, to) in new[] { (one, "between"), (two, one), ("between", two) })
                {
                    await connection.ExecuteAsync(
                        transaction, $"UPDATE {warehouse.Table(Owner.Monolith, table)} SET \"{column}\" = @to WHERE \"{column}\" = @from", default, ("@from", from), ("@to", to));
                }
            }

            var parent = Guid.CreateVersion7();
            await warehouse.InsertBinAsync(connection, transaction, parent, "new parent");
            await connection.ExecuteAsync(transaction, $"UPDATE {warehouse.Table(Owner.Monolith, "items")} SET \"BinId\" = @parent", default, ("@parent", parent));
            await connection.ExecuteAsync(transaction, $"DELETE FROM {warehouse.Table(Owner.Monolith, "bins")} WHERE \"Id\" = @a", default, ("@a", a));
            await transaction.CommitAsync();
        }

        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Writes_by_hand_are_carried_over_and_a_comparison_finds_those_at_the_wrong_side()
    {
        await using var warehouse = await RunningAsync();
        var id = await warehouse.AddAsync(Owner.Monolith, "by the program");
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = 42 WHERE \"Id\" = @id", ("@id", id));
        await warehouse.CatchUpAsync();
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        if (TestDatabase.Engine is DatabaseProvider.PostgreSql)
        {
            await Should.ThrowAsync<DbException>(() => warehouse.ExecuteAsync(Owner.Monolith, $"TRUNCATE {warehouse.Table(Owner.Monolith, "tags")}"));
        }

        await warehouse.TrespassAsync(Owner.Service, $"UPDATE {warehouse.Table(Owner.Service, "bins")} SET \"Size\" = 43 WHERE \"Id\" = @id", ("@id", id));
        var report = await warehouse.VerifyAsync();
        report.IsClean.ShouldBeFalse();
        var sample = report.Tables.Single(t => t.Table == "bins").Samples.ShouldHaveSingleItem();
        (sample.Key, sample.Column, sample.Written, sample.Following).ShouldBe(($"{id}", "Size", "42", "43"));
    }

    [Fact]
    public async Task A_row_that_does_not_fit_back_stops_the_way_back_and_nothing_else()
    {
        await using var warehouse = await RunningAsync();
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        var tooLong = new string('x', TestDatabase.Engine is DatabaseProvider.SqlServer ? 30 : 60);
        if (TestDatabase.Engine is DatabaseProvider.Sqlite)
        {
            await warehouse.ExecuteAsync(Owner.Monolith, "CREATE TRIGGER narrow BEFORE INSERT ON bins WHEN length(NEW.\"Label\") > 40 BEGIN SELECT RAISE(ABORT, 'too long'); END");
        }
        else if (TestDatabase.Engine is DatabaseProvider.SqlServer)
        {
            await warehouse.ExecuteAsync(Owner.Monolith, $"ALTER TABLE {warehouse.Table(Owner.Monolith, "bins")} ADD CONSTRAINT narrow CHECK (LEN(\"Label\") <= 20)");
        }
        else
        {
            await warehouse.ExecuteAsync(Owner.Service, $"ALTER TABLE {warehouse.Table(Owner.Service, "bins")} ALTER COLUMN \"Label\" TYPE varchar(80)");
        }

        var id = await warehouse.AddAsync(Owner.Service, tooLong);
        await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told");
        (await warehouse.AskAsync(MoveCommandKind.Reverse)).ShouldSatisfyAllConditions(a => a.Done.ShouldBeFalse(), a => a.Text.ShouldContain("cannot be stored"));
        await warehouse.AddAsync(Owner.Service, "fits");
        await warehouse.ExecuteAsync(Owner.Service, $"UPDATE {warehouse.Table(Owner.Service, "bins")} SET \"Label\" = 'short' WHERE \"Id\" = @id", ("@id", id));
        await warehouse.CatchUpAsync();
        await warehouse.DoAsync(MoveCommandKind.Reverse);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Triggers_that_somebody_dropped_are_missed_before_writes_are_switched_and_what_they_missed_is_found()
    {
        await using var warehouse = await RunningAsync();
        await warehouse.MakeReadyAsync();
        var missed = Guid.CreateVersion7();
        await using (var connection = await warehouse.ConnectAsync(Owner.Monolith))
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            foreach (var statement in warehouse.Pair.Host.Engine.DropTriggers(warehouse.Pair.Host.Schema, warehouse.Pair.Tables["bins"]))
            {
                await connection.ExecuteAsync(transaction, statement, default);
            }

            await warehouse.InsertBinAsync(connection, transaction, missed, "missed");
            await transaction.CommitAsync();
        }

        (await warehouse.AskAsync(MoveCommandKind.SwitchWrites)).Done.ShouldBeFalse();
        (await warehouse.HistoryAsync()).ShouldContain(e => e.What.Contains("were missing or switched off in the host's database", StringComparison.Ordinal));
        (await warehouse.VerifyAsync()).Tables.Single(t => t.Table == "bins").Missing.ShouldBe(1);
        (await warehouse.AskAsync(MoveCommandKind.SwitchWrites)).Done.ShouldBeFalse();

        // Written again, it is recorded.
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = 1 WHERE \"Id\" = @id", ("@id", missed));
        await warehouse.CatchUpAsync();
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    private static async Task<Warehouse> RunningAsync(params (string Key, string Value)[] settings)
    {
        var warehouse = await Warehouse.OpenAsync(settings);
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        return warehouse;
    }
}
