using System.Diagnostics;
using ModularShop.Modularity.Data;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Crashes;

/// <summary>A host that is put to sleep in the middle of checkouts, and wakes up when another has taken over.</summary>
[Collection(Alone.Name)]
public sealed class StoppedHostTests(ITestOutputHelper output)
{
    [PostgreSqlFact]
    public async Task A_host_that_is_stopped_in_its_sleep_loses_its_leases_and_does_no_harm_when_it_wakes()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.PostgreSql);
        await using var fleet = await Fleet.StartAsync(database, hosts: 2);
        var books = new Books(database);
        using var rush = await Rush.ComeAsync(fleet.Addresses, await books.WellStockedAsync(8), customers: 30);
        var checkOut = await rush.PrepareAsync();
        var wave = checkOut();
        await rush.AnsweredAsync(5);

        IReadOnlyList<int> holders = [];
        await Eventually.TrueAsync(async () => (holders = await books.HoldersAsync()).Count == 5, "somebody to process each of the five modules", TimeSpan.FromSeconds(60));
        var (sleeper, successor) = holders.Contains(fleet[0].Id) ? (fleet[0], fleet[1]) : (fleet[1], fleet[0]);
        sleeper.Signal("STOP");
        var stopped = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => (await books.HoldersAsync()).All(holder => holder == successor.Id), "the other host to process all five modules");
        output.WriteLine($"taken over after {stopped.Elapsed.TotalSeconds:F1} s");
        // Five, and five for a machine that does other things too.
        stopped.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await wave;
        sleeper.Signal("CONT");
        await Eventually.TrueAsync(
            () => Task.FromResult(sleeper.Output.Contains("no longer processing here", StringComparison.Ordinal)), "it to notice");
        await books.ReconcileAsync(rush, fleet.Provider);
    }
}
