using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;
using Npgsql;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A database neither answers nor breaks the connection, as when its machine is gone or stopped.</summary>
public sealed class SilenceTests
{
    private static readonly (string, string) Patience = ("MoveTables:SwitchSeconds", "1");

    [PostgreSqlFact]
    public async Task A_service_s_database_that_falls_silent_in_a_switch_does_not_keep_the_host_from_writing()
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var proxy = new TcpProxy(server.Port);
        var target = await TestDatabase.OnAsync(server);
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), target, ("MoveTables:Targets:Warehouse:ConnectionString", Through(proxy, target)), Patience);
        await warehouse.CreateAsync();
        var isArmed = false;
        warehouse.Coordinate((step, isDone) => SilenceAt(MoveStep.SourceFenced, step, isDone, ref isArmed, proxy));
        await warehouse.MakeReadyAsync();
        Volatile.Write(ref isArmed, true);
        var answer = await warehouse.AskAsync(MoveCommandKind.SwitchWrites);
        (answer.Done, Volatile.Read(ref isArmed)).ShouldBe((false, false));
        answer.Text.ShouldContain("did not answer within 1 s. Traffic goes on as before");
        await warehouse.AddAsync(Owner.Monolith, "written all the same");
        (await warehouse.OwnerAsync(Owner.Monolith)).ShouldSatisfyAllConditions(o => o.Owner.ShouldBe(Owner.Monolith), o => o.IsFenced.ShouldBeFalse());
        await warehouse.CatchUpAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    [PostgreSqlFact]
    public async Task A_host_s_database_that_falls_silent_in_a_switch_back_does_not_keep_the_service_from_writing()
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var proxy = new TcpProxy(server.Port);
        var source = await TestDatabase.OnAsync(server);
        await using var warehouse = await Warehouse.OpenAsync(source, await TestDatabase.CreateAsync(Warehouse.TargetEngine), ("Database:ConnectionString", Through(proxy, source)), Patience);
        await warehouse.CreateAsync();
        var isArmed = false;
        warehouse.Coordinate((step, isDone) => SilenceAt(MoveStep.TargetFenced, step, isDone, ref isArmed, proxy));
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        Volatile.Write(ref isArmed, true);
        // The connection by which an answer is waited for would be silent as well.
        await warehouse.TellAsync(MoveCommandKind.Reverse);
        await Eventually.TrueAsync(async () => !Volatile.Read(ref isArmed) && await warehouse.OwnerAsync(Owner.Service) is { Owner: Owner.Service, IsFenced: false }, "the service's tables to be opened again");
        await warehouse.AddAsync(Owner.Service, "written all the same");
        await warehouse.ComesToAsync(m => m is { State: MoveState.WritesSwitched, Trouble: null, Command.Answer.Done: false }, "the switch back to be taken back, and answered");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        await warehouse.DoAsync(MoveCommandKind.Reverse);
        await warehouse.AddAsync(Owner.Monolith, "the host's again");
    }

    [PostgreSqlFact]
    public async Task A_database_that_falls_silent_while_changes_are_carried_over_is_asked_again_on_another_connection()
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var proxy = new TcpProxy(server.Port);
        var target = await TestDatabase.OnAsync(server);
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), target, ("MoveTables:Targets:Warehouse:ConnectionString", Through(proxy, target)));
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        proxy.Silence();
        await warehouse.AddAsync(Owner.Monolith, "written meanwhile");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
    }

    /// <remarks>The tenth of what can go wrong at a commit: it was heard, and its answer never came.</remarks>
    [PostgreSqlFact]
    public async Task A_switch_back_that_was_done_is_answered_as_done_although_its_connection_broke()
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var proxy = new TcpProxy(server.Port);
        var target = await TestDatabase.OnAsync(server);
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(), target, ("MoveTables:Targets:Warehouse:ConnectionString", Through(proxy, target)));
        await warehouse.CreateAsync();
        var isArmed = false;
        warehouse.Coordinate((step, isDone) =>
        {
            if (Volatile.Read(ref isArmed) && step is MoveStep.OwnerReturned && !isDone)
            {
                Volatile.Write(ref isArmed, false);
                proxy.CutAt("COMMIT\0", isHeard: true);
            }
        });
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.CatchUpAsync();
        Volatile.Write(ref isArmed, true);
        var answer = await warehouse.AskAsync(MoveCommandKind.Reverse);
        (answer.Done, Volatile.Read(ref isArmed)).ShouldBe((true, false), answer.Text);
        (await warehouse.MoveAsync()).State.ShouldBe(MoveState.ReadsSwitched);
        await warehouse.AddAsync(Owner.Monolith, "the host's again");
    }

    private static string Through(TcpProxy proxy, TestDatabase database) => new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = proxy.Port }.ToString();

    private static void SilenceAt(MoveStep at, MoveStep step, bool isDone, ref bool isArmed, TcpProxy proxy)
    {
        if (Volatile.Read(ref isArmed) && step == at && isDone)
        {
            Volatile.Write(ref isArmed, false);
            proxy.Silence();
        }
    }
}
