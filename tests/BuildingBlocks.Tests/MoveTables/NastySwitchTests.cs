using System.Data;
using System.Data.Common;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>What keeps writes from being switched, there or back, and what must not pass it.</summary>
public sealed class NastySwitchTests
{
    private static bool HasOneWriter => TestDatabase.Engine is DatabaseProvider.Sqlite;

    /// <remarks>SQLite has one.</remarks>
    public static TheoryData<IsolationLevel> Isolations => HasOneWriter ? [IsolationLevel.Serializable] : [IsolationLevel.ReadCommitted, IsolationLevel.RepeatableRead, IsolationLevel.Serializable];

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task A_transaction_that_looked_at_the_owner_before_the_fence_writes_nothing_after_it(IsolationLevel isolation)
    {
        await using var warehouse = await Warehouse.RunningAsync();
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
        var (answered, gaveUp, blocks) = (new TaskCompletionSource(), new TaskCompletionSource(), Task.CompletedTask);
        using var isOpen = new SemaphoreSlim(0);
        var once = 0;
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.SourceFenced && !isDone && Interlocked.Exchange(ref once, 1) == 0)
            {
                blocks = BlockAsync();
                isOpen.Wait();
            }
            else if (step is MoveStep.HostAdmitted && Volatile.Read(ref once) == 1)
            {
                gaveUp.TrySetResult();
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
            // Of SQLite it keeps the coordinator from answering, too: that has given up when it is about to be admitted again.
            await (HasOneWriter ? gaveUp.Task : answered.Task);
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
    public async Task A_row_that_does_not_fit_back_stops_the_way_back_and_nothing_else()
    {
        await using var warehouse = await Warehouse.RunningAsync();
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
        await using var warehouse = await Warehouse.RunningAsync();
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
}
