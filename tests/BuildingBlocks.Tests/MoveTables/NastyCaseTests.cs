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
        if (slow is Npgsql.NpgsqlConnection)
        {
            await slow.ExecuteAsync(open, "SET LOCAL idle_in_transaction_session_timeout = 0", default);
        }

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

    /// <remarks>SQLite has one.</remarks>
    public static TheoryData<IsolationLevel> Isolations => HasOneWriter ? [IsolationLevel.Serializable] : [IsolationLevel.ReadCommitted, IsolationLevel.RepeatableRead, IsolationLevel.Serializable];

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task A_transaction_that_looked_at_the_owner_before_the_fence_writes_nothing_after_it(IsolationLevel isolation)
    {
        await using var warehouse = await RunningAsync();
        await warehouse.MakeReadyAsync();
        await using var slow = await warehouse.ConnectAsync(Owner.Monolith);
        if (slow is Microsoft.Data.Sqlite.SqliteConnection impatient)
        {
            impatient.DefaultTimeout = 1;
        }

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
        await using var warehouse = await Warehouse.OpenAsync(("MoveTables:SwitchSeconds", "1"));
        await warehouse.CreateAsync();
        var (answered, blocks) = (new TaskCompletionSource(), Task.CompletedTask);
        using var isOpen = new SemaphoreSlim(0);
        var once = 0;
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.SourceFenced && !isDone && Interlocked.Exchange(ref once, 1) == 0)
            {
                blocks = BlockAsync();
                isOpen.Wait();
            }
        });
        await warehouse.MakeReadyAsync();
        var answer = await warehouse.AskAsync(MoveCommandKind.SwitchWrites);
        answered.SetResult();
        await blocks;
        answer.Done.ShouldBeFalse();
        answer.Text.ShouldContain("The tables could not be fenced in 1 s");
        answer.Text.ShouldContain(TestDatabase.Engine switch
        {
            DatabaseProvider.PostgreSql => "process ",
            DatabaseProvider.Sqlite => "a process that has a write transaction open",
            _ => "Let that transaction end",
        });
        (await warehouse.ComesToAsync(MoveState.ReadsSwitched)).Command!.Answer!.Done.ShouldBeFalse();
        await warehouse.AddAsync(Owner.Monolith, "goes on");
        await warehouse.CatchUpAsync();
        await WholeLife.AgainAsync(warehouse, MoveCommandKind.SwitchWrites, m => m.State is MoveState.WritesSwitched);

        async Task BlockAsync()
        {
            await using var slow = await warehouse.ConnectAsync(Owner.Monolith);
            await using var open = await slow.BeginTransactionAsync();
            if (slow is Npgsql.NpgsqlConnection)
            {
                await slow.ExecuteAsync(open, "SET LOCAL idle_in_transaction_session_timeout = 0", default);
            }

            await warehouse.InsertBinAsync(slow, open, Guid.CreateVersion7(), "blocks");
            isOpen.Release();
            // Of SQLite it keeps the coordinator from answering, too: a transaction that is long, and ends.
            await (HasOneWriter ? Task.Delay(TimeSpan.FromSeconds(5)) : answered.Task);
            await open.CommitAsync();
        }
    }

    /// <remarks>As autovacuum does, which gives way to who wants the tables for longer than an attempt takes.</remarks>
    [PostgreSqlFact]
    public async Task Who_tidies_up_the_tables_for_a_moment_is_waited_for_while_others_write()
    {
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql), await TestDatabase.CreateAsync(Warehouse.TargetEngine));
        await warehouse.CreateAsync();
        var (gone, once) = (Task.CompletedTask, 0);
        using var isOpen = new SemaphoreSlim(0);
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.SourceFenced && !isDone && Interlocked.Exchange(ref once, 1) == 0)
            {
                gone = TidyAsync();
                isOpen.Wait();
            }
        });
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await gone;
        (await warehouse.HistoryAsync()).Single(e => e.Evidence?.Contains("\"attempts\"", StringComparison.Ordinal) is true && e.State is MoveState.WritesSwitched && e.Evidence.Contains("lockedMilliseconds", StringComparison.Ordinal))
            .Evidence!.ShouldContain("\"attempts\":1,");

        async Task TidyAsync()
        {
            await using var connection = await warehouse.ConnectAsync(Owner.Monolith);
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(transaction, $"LOCK TABLE {warehouse.Table(Owner.Monolith, "bins")} IN SHARE UPDATE EXCLUSIVE MODE", default);
            isOpen.Release();
            // Until others have written meanwhile, and the fence waits.
            await warehouse.AddAsync(Owner.Monolith, "meanwhile");
            await Eventually.TrueAsync(
                async () =>
                {
                    await using var looking = await warehouse.ConnectAsync(Owner.Monolith);
                    return await looking.ScalarAsync<long>(null, "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareUpdateExclusiveLock'", default) > 0;
                },
                "the fence to wait");
            await warehouse.AddAsync(Owner.Monolith, "and another");
            await transaction.CommitAsync();
        }
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
            if (step is MoveStep.ChangesCarriedOver && !isDone && Volatile.Read(ref sleeps) == 1 && Interlocked.Exchange(ref sleeps, 2) == 1)
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
    public async Task A_child_whose_new_parent_comes_in_the_next_batch_takes_it_along()
    {
        await using var warehouse = await RunningAsync();
        var old = await warehouse.AddAsync(Owner.Monolith, "old parent");
        var child = new Item { Id = Guid.CreateVersion7(), BinId = old, Sku = "child" };
        await using (var host = warehouse.OpenSource())
        {
            host.Add(child);
            host.AddRange(Enumerable.Range(0, ChangeStream.Most + 100).Select(i => new Tag { BinId = old, Name = $"{i}" }));
            await host.SaveChangesAsync();
        }

        await warehouse.CatchUpAsync();
        (await warehouse.Moves.PauseAsync("warehouse", paused: true, dryRun: false, "test", default)).Value.IsPaused.ShouldBeTrue();
        await warehouse.ComesToAsync(m => m.Progress!.Doing.StartsWith("paused", StringComparison.Ordinal), "the move to pause");
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "items")} SET \"Count\" = 1");
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "tags")} SET \"Text\" = 'in between'");
        var parent = await warehouse.AddAsync(Owner.Monolith, "new parent");
        await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "items")} SET \"BinId\" = @parent", ("@parent", parent));
        await warehouse.ExecuteAsync(Owner.Monolith, $"DELETE FROM {warehouse.Table(Owner.Monolith, "tags")} WHERE \"Name\" = '0'");
        (await warehouse.Moves.PauseAsync("warehouse", paused: false, dryRun: false, "test", default)).Value.IsPaused.ShouldBeFalse();
        await warehouse.CatchUpAsync();
        (await warehouse.MoveAsync()).Trouble.ShouldBeNull();
        (await warehouse.HistoryAsync()).Select(e => e.What).Where(what => what is "Paused." or "Resumed.").ShouldBe(["Paused.", "Resumed."]);
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task What_the_other_database_makes_of_a_row_that_is_written_is_noticed_before_it_is_kept()
    {
        await using var warehouse = await RunningAsync();
        var bins = warehouse.Table(Owner.Service, "bins");
        await warehouse.ExecuteAsync(Owner.Service, Warehouse.TargetEngine switch
        {
            DatabaseProvider.Sqlite => "CREATE TRIGGER meddle AFTER INSERT ON bins BEGIN UPDATE bins SET \"Size\" = 99 WHERE \"Id\" = NEW.\"Id\"; END",
            DatabaseProvider.PostgreSql => $"""
                CREATE FUNCTION warehouse.meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."Size" := 99; RETURN NEW; END $$;
                CREATE TRIGGER meddle BEFORE INSERT ON {bins} FOR EACH ROW EXECUTE FUNCTION warehouse.meddle();
                """,
            _ => $"CREATE TRIGGER warehouse.meddle ON {bins} AFTER INSERT AS UPDATE b SET \"Size\" = 99 FROM {bins} AS b JOIN inserted AS i ON i.\"Id\" = b.\"Id\"",
        });
        var id = await warehouse.AddAsync(Owner.Monolith, "as it is");
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!.ShouldContain($"The row bins ({id}) differs in Size from what was written");
        (await warehouse.RowsAsync(Owner.Service)).ShouldBeEmpty();
        await warehouse.ExecuteAsync(Owner.Service, Warehouse.TargetEngine is DatabaseProvider.PostgreSql ? $"DROP TRIGGER meddle ON {bins}" : Warehouse.TargetEngine is DatabaseProvider.Sqlite ? "DROP TRIGGER meddle" : "DROP TRIGGER warehouse.meddle");
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
        else if (HasOneWriter)
        {
            // It deletes the row that has the label, and says so to no statement.
            await warehouse.ExecuteAsync(
                Owner.Monolith,
                "REPLACE INTO bins (\"Id\", \"Label\", \"Size\", \"IsCold\", \"Weight\", \"MadeAt\", \"Price_Amount\", \"Price_Currency\") SELECT @id, \"Label\", 42, \"IsCold\", \"Weight\", \"MadeAt\", \"Price_Amount\", \"Price_Currency\" FROM bins",
                ("@id", id = Guid.CreateVersion7()));
            await warehouse.CatchUpAsync();
            (await warehouse.RowsAsync(Owner.Service)).ShouldHaveSingleItem();
            (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        }

        await warehouse.TrespassAsync(Owner.Service, $"UPDATE {warehouse.Table(Owner.Service, "bins")} SET \"Size\" = 43 WHERE \"Id\" = @id", ("@id", id));
        var report = await warehouse.VerifyAsync();
        report.IsClean.ShouldBeFalse();
        var sample = report.Tables.Single(t => t.Table == "bins").Samples.ShouldHaveSingleItem();
        sample.Key.ShouldBe($"{id}");
        sample.Values.ShouldBe([new VDiffValue("Size", "42", "43")]);
    }

    [Fact]
    public async Task A_row_that_does_not_fit_back_stops_the_way_back_and_nothing_else()
    {
        await using var warehouse = await RunningAsync();
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.ExecuteAsync(Owner.Monolith, TestDatabase.Engine is DatabaseProvider.Sqlite
            ? "CREATE TRIGGER narrow BEFORE INSERT ON bins WHEN length(NEW.\"Label\") > 20 BEGIN SELECT RAISE(ABORT, 'too long'); END"
            : $"ALTER TABLE {warehouse.Table(Owner.Monolith, "bins")} ADD CONSTRAINT narrow CHECK ({(TestDatabase.Engine is DatabaseProvider.SqlServer ? "LEN" : "length")}(\"Label\") <= 20)");
        var id = await warehouse.AddAsync(Owner.Service, new string('x', 30));
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
