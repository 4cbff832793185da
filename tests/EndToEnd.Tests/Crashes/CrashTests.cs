using System.Diagnostics;
using ModularShop.Modularity.Data;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Crashes;

/// <summary>
/// kill -9 in the middle of checkouts, again and again; then every order, reservation, payment, shipment and invoice is
/// compared with the others and with what clients were told.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>After so many all comes to its end and is compared: hosts that hardly live cannot work off what keeps coming in.</summary>
    private const int KillsInARow = 5;

    private static readonly int CheckoutsPerKill = LongRun.IsOn ? 60 : 30;

    [Fact]
    public async Task One_host_on_sqlite_is_killed_and_nothing_is_lost_or_doubled()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await KillAsync(database, hosts: 1, kills: LongRun.IsOn ? 50 : KillsInARow, CheckoutsPerKill);
    }

    [PostgreSqlFact]
    [Trait(RunOnly.Trait, RunOnly.Long)]
    public async Task One_host_on_postgresql_is_killed_and_nothing_is_lost_or_doubled()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.PostgreSql);
        await KillAsync(database, hosts: 1, kills: LongRun.IsOn ? 50 : KillsInARow, CheckoutsPerKill);
    }

    [PostgreSqlFact]
    public async Task Two_hosts_on_postgresql_are_killed_in_turn_behind_a_client_that_fails_over()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.PostgreSql);
        await KillAsync(database, hosts: 2, kills: LongRun.IsOn ? 100 : KillsInARow, CheckoutsPerKill / 2);
    }

    private async Task KillAsync(TestDatabase database, int hosts, int kills, int checkoutsPerKill)
    {
        (kills % KillsInARow).ShouldBe(0, "the last kill is reconciled, too");
        var running = Stopwatch.StartNew();
        await using var fleet = await Fleet.StartAsync(database, hosts);
        var books = new Books(database);
        // As many products as have the pieces for all: a checkout that is refused for want of stock would be right, and not what is meant.
        using var rush = await Rush.ComeAsync(fleet.Addresses, await books.WellStockedAsync(LongRun.IsOn ? 20 : 8), checkoutsPerKill);
        var inFlight = new List<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            var checkOut = await rush.PrepareAsync();
            var before = rush.Told.Count;
            var wave = checkOut();
            // Another moment each time: from the first answers to almost the last.
            var moment = before + (checkoutsPerKill * (kill + 1) / (kills + 1));
            await rush.AnsweredAsync(moment);
            await fleet.KillAsync(kill % hosts);
            inFlight.AddRange((await books.PlacedAsync()).Union(rush.Unanswered, StringComparer.Ordinal));
            await fleet.RestartAsync(kill % hosts);
            await wave;
            if ((kill + 1) % KillsInARow == 0)
            {
                output.WriteLine(
                    $"{kill + 1} kills, {inFlight.Count} checkouts in flight at a kill, {inFlight.Distinct(StringComparer.Ordinal).Count()} different ones, "
                    + $"{rush.Told.Count} orders, {rush.Retries} requests repeated, {running.Elapsed.TotalSeconds:F0} s");
                await books.ReconcileAsync(rush, fleet.Provider);
            }
        }

        rush.Told.Count.ShouldBe(kills * checkoutsPerKill);
    }
}
