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
        await using var warehouse = await Warehouse.RunningAsync();
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
        await using var warehouse = await Warehouse.RunningAsync();
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
        await using var warehouse = await Warehouse.RunningAsync();
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
        await using var warehouse = await Warehouse.RunningAsync();
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
        await using var warehouse = await Warehouse.RunningAsync();
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
        await using var warehouse = await Warehouse.RunningAsync();
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
}
