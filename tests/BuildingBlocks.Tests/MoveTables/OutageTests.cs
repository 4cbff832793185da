using System.Diagnostics;
using System.Security.Cryptography;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;
using Npgsql;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A database, the disk or the connection goes away while tables are being moved: the move says so, and goes on by itself.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(LongRun.IsOn ? 120 : 3);

    [Fact]
    public async Task What_was_asked_before_a_coordinator_took_over_is_carried_out_by_it()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.MakeReadyAsync();
        }

        var asked = warehouse.AskAsync(MoveCommandKind.SwitchWrites);
        await Eventually.TrueAsync(async () => (await warehouse.MoveAsync()).Command?.Kind is MoveCommandKind.SwitchWrites, "the command to be asked");
        warehouse.Coordinate();
        var answer = await asked;
        answer.Done.ShouldBeTrue(answer.Text);
    }

    [PostgreSqlFact]
    public async Task While_the_service_s_database_is_away_the_host_writes_on_and_the_move_goes_on_when_it_is_back()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), await TestDatabase.OnAsync(server));
        await using var writers = new Writers(warehouse, 2);
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        await server.StopAsync();
        var away = Stopwatch.StartNew();
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!.ShouldContain("A database does not answer");
        do
        {
            await writers.WroteAsync(50);
        }
        while (away.Elapsed < Away);
        await server.StartAgainAsync();
        await writers.WroteAsync(10);
        await writers.StopAsync();
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
    }

    [PostgreSqlFact]
    public async Task A_connection_that_its_server_has_ended_is_not_handed_out_again()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.OnAsync(server), await TestDatabase.CreateAsync(Warehouse.TargetEngine));
        await LookAsync(times: 3);
        await server.StopAsync();
        await server.StartAgainAsync();
        await LookAsync(times: 3);

        async Task LookAsync(int times)
        {
            // All at the same time, so that there are as many.
            var connections = await Task.WhenAll(Enumerable.Range(0, times).Select(_ => warehouse.Pair.Host.OpenAsync(default)));
            foreach (var connection in connections)
            {
                (await connection.ScalarAsync<int>(null, "SELECT 1", default)).ShouldBe(1);
            }

            await Task.WhenAll(connections.Select(c => c.DisposeAsync().AsTask()));
        }
    }

    [PostgreSqlFact]
    public async Task A_list_of_moves_names_the_module_whose_database_is_away()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.OnAsync(server), await TestDatabase.CreateAsync(Warehouse.TargetEngine));
        var none = await warehouse.Moves.ListAsync(default);
        (none.Moves.Count, none.Unread.Count).ShouldBe((0, 0));
        await warehouse.CreateAsync();
        var listed = await warehouse.Moves.ListAsync(default);
        (listed.Moves.Single().Module, listed.Unread.Count).ShouldBe(("Warehouse", 0));
        await server.StopAsync();
        var away = await warehouse.Moves.ListAsync(default);
        (away.Moves.Count, away.Unread.Single()).ShouldBe((0, new UnreadMove("Warehouse", "The database does not answer.")));
        await server.StartAgainAsync();
    }

    [PostgreSqlFact]
    public async Task A_service_s_database_that_goes_away_in_a_switch_does_not_keep_the_host_from_writing()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), await TestDatabase.OnAsync(server));
        await warehouse.CreateAsync();
        var isArmed = false;
        warehouse.Coordinate((step, isDone) =>
        {
            if (Volatile.Read(ref isArmed) && step is MoveStep.SourceFenced && isDone)
            {
                Volatile.Write(ref isArmed, false);
                server.StopAsync().GetAwaiter().GetResult();
            }
        });
        await warehouse.MakeReadyAsync();
        Volatile.Write(ref isArmed, true);
        (await warehouse.AskAsync(MoveCommandKind.SwitchWrites)).Done.ShouldBeFalse();
        await warehouse.ComesToAsync(MoveState.ReadsSwitched);
        await warehouse.AddAsync(Owner.Monolith, "written while it is away");
        await server.StartAgainAsync();
        await warehouse.CatchUpAsync();
        await warehouse.VerifyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [PostgreSqlFact]
    public async Task A_host_s_database_that_goes_away_in_a_switch_back_does_not_keep_the_service_from_writing()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.OnAsync(server), await TestDatabase.CreateAsync(Warehouse.TargetEngine));
        await warehouse.CreateAsync();
        var isArmed = false;
        warehouse.Coordinate((step, isDone) =>
        {
            if (Volatile.Read(ref isArmed) && step is MoveStep.TargetFenced && isDone)
            {
                Volatile.Write(ref isArmed, false);
                server.StopAsync().GetAwaiter().GetResult();
            }
        });
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        Volatile.Write(ref isArmed, true);
        await warehouse.TellAsync(MoveCommandKind.Reverse);
        await Eventually.TrueAsync(async () => !Volatile.Read(ref isArmed) && await warehouse.OwnerAsync(Owner.Service) is { Owner: Owner.Service, IsFenced: false }, "the service's tables to be opened again");
        await warehouse.AddAsync(Owner.Service, "written while it is away");
        await server.StartAgainAsync();
        await warehouse.ComesToAsync(m => m is { State: MoveState.WritesSwitched, Trouble: null }, "the switch back to be taken back");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        await warehouse.DoAsync(MoveCommandKind.Reverse);
        // Those of before the restart are dead.
        NpgsqlConnection.ClearAllPools();
        await warehouse.AddAsync(Owner.Monolith, "the host's again");
    }

    [PostgreSqlFact]
    public async Task A_source_that_is_restarted_while_it_is_copied_is_copied_to_its_end()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.OnAsync(server), await TestDatabase.CreateAsync(Warehouse.TargetEngine));
        for (var i = 0; i < 20; i++)
        {
            await warehouse.AddAsync(Owner.Monolith, $"bin {i}");
        }

        await warehouse.CreateAsync();
        var restarted = new TaskCompletionSource();
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.ChunkWritten && isDone && !restarted.Task.IsCompleted)
            {
                server.StopAsync().GetAwaiter().GetResult();
                server.StartAgainAsync().GetAwaiter().GetResult();
                restarted.SetResult();
            }
        });
        await restarted.Task;
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [SmallDiskFact]
    public async Task A_full_disk_stops_the_copy_with_its_reason_and_it_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), TestDatabase.SqliteIn(disk.Folder));
        for (var i = 0; i < 100; i++)
        {
            await warehouse.AddAsync(Owner.Monolith, $"bin {i}");
        }

        disk.Fill();
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        (await warehouse.ComesToAsync(m => m.Trouble is not null, "the trouble to be told")).Trouble!.ShouldContain("full");
        await warehouse.AddAsync(Owner.Monolith, "the host writes on");
        disk.Empty();
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [SmallDiskFact]
    public async Task A_move_that_its_target_has_no_room_for_is_refused_before_anything_is_made()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), TestDatabase.SqliteIn(disk.Folder));
        await using (var source = warehouse.OpenSource())
        {
            source.AddRange(Enumerable.Range(0, 6).Select(i => new Bin { Id = Guid.CreateVersion7(), Label = $"bin {i}", Seal = RandomNumberGenerator.GetBytes(1 << 20) }));
            await source.SaveChangesAsync();
        }

        var refused = await warehouse.Moves.CreateAsync("Warehouse", "test", default);
        refused.Error.ShouldNotBeNull().Detail.ShouldSatisfyAllConditions(said => said.ShouldContain("nothing was changed"), said => said.ShouldContain("has room for 3 MB, and 9 MB are needed"));
        await using var connection = await warehouse.Pair.Host.OpenAsync(default);
        (await warehouse.Pair.Host.Engine.HasTableAsync(connection, null, warehouse.Pair.Host.Schema, MoveStore.Moves, default)).ShouldBeFalse();
    }

    /// <remarks>The ninth of the nastiest cases: the connection dies during the commit that makes the service the owner, heard by the server or not.</remarks>
    [PostgreSqlTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_switch_whose_commit_is_never_answered_is_finished_or_taken_back_as_the_database_says(bool isHeard)
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var proxy = new TcpProxy(server.Port);
        var source = await TestDatabase.OnAsync(server);
        var cut = new NpgsqlConnectionStringBuilder(source.ConnectionString) { Port = proxy.Port }.ToString();
        await using var warehouse = await Warehouse.OpenAsync(source, await TestDatabase.CreateAsync(Warehouse.TargetEngine), ("Database:ConnectionString", cut));
        await using var writers = new Writers(warehouse, 2);
        await warehouse.CreateAsync();
        var isArmed = false;
        warehouse.Coordinate((step, isDone) =>
        {
            if (Volatile.Read(ref isArmed) && step is MoveStep.OwnerRecorded && !isDone)
            {
                Volatile.Write(ref isArmed, false);
                proxy.CutAt("COMMIT\0", isHeard);
            }
        });
        await warehouse.MakeReadyAsync();
        Volatile.Write(ref isArmed, true);
        await warehouse.TellAsync(MoveCommandKind.SwitchWrites);
        await warehouse.ComesToAsync(
            m => !Volatile.Read(ref isArmed) && m is { Trouble: null, Command.Answer: not null } && m.State == (isHeard ? MoveState.WritesSwitched : MoveState.ReadsSwitched), "what was begun to be settled");
        await writers.WroteAsync(20);
        await writers.StopAsync();
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        await writers.ShouldAllBeThereAsync(Owner.Service);
        (await warehouse.OwnerAsync(Owner.Service)).Owner.ShouldBe(isHeard ? Owner.Service : Owner.Monolith);
    }
}
