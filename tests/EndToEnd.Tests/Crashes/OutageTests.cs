using System.Diagnostics;
using System.Net;
using Npgsql;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Crashes;

/// <summary>The database goes away and comes back; the hosts stay up.</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    [PostgreSqlFact]
    public async Task While_postgresql_is_away_the_shop_says_so_and_afterwards_finishes_all_it_had_accepted()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var database = await TestDatabase.OnAsync(server);
        await using var fleet = await Fleet.StartAsync(database, hosts: 1);
        var books = new Books(database);
        using var rush = await Rush.ComeAsync(fleet.Addresses, await books.WellStockedAsync(8), customers: 30);
        var wave = (await rush.PrepareAsync())();
        await rush.AnsweredAsync(10);

        await server.StopAsync();
        var away = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => await StatusAsync("/health/ready") is HttpStatusCode.ServiceUnavailable, "the host to be not ready");
        (await StatusAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
        var answers = 0;
        do
        {
            var asked = Stopwatch.StartNew();
            using var refused = await fleet[0].Client.GetAsync(new Uri("/api/v1/catalog/products?size=1", UriKind.Relative));
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await refused.Content.ReadAsStringAsync()).ShouldContain("request.unavailable");
            asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
            answers++;
        }
        while (away.Elapsed < TimeSpan.FromSeconds(LongRun.IsOn ? 60 : 8));
        await server.StartAgainAsync();

        await Eventually.TrueAsync(async () => await StatusAsync("/health/ready") is HttpStatusCode.OK, "the host to be ready again");
        await wave;
        output.WriteLine($"away for {away.Elapsed.TotalSeconds:F0} s, {answers} requests refused with 503 meanwhile, {rush.Told.Count} orders, {rush.Retries} requests repeated");
        rush.Told.Count.ShouldBe(30);
        await books.ReconcileAsync(rush, fleet.Provider);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var response = await fleet[0].Client.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode;
        }
    }

    [PostgreSqlFact]
    public async Task A_host_that_is_told_to_stop_while_postgresql_is_away_ends()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var database = await TestDatabase.OnAsync(server);
        await using var host = await HostProcess.StartAndWaitAsync(database);
        await server.StopAsync();
        await Eventually.TrueAsync(() => Task.FromResult(host.Output.Contains("pauses: ", StringComparison.Ordinal)), "the host to say that it pauses");

        var stopping = Stopwatch.StartNew();
        (await host.StopAsync()).ShouldBe(0);
        output.WriteLine($"ended after {stopping.Elapsed.TotalSeconds:F1} s");
        // By itself, and not because the host gave up waiting for a part of it, which it does after 30.
        stopping.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [PostgreSqlFact]
    public async Task Connections_that_are_cut_again_and_again_lose_and_double_nothing()
    {
        await using var direct = await TestDatabase.FilledAsync(ModularShop.Modularity.Data.DatabaseProvider.PostgreSql);
        var target = new NpgsqlConnectionStringBuilder(direct.ConnectionString);
        await using var proxy = new TcpProxy(target.Port);
        await using var fleet = await Fleet.StartAsync(
            direct, hosts: 1, ("Database:ConnectionString", new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Port = proxy.Port }.ToString()));
        var books = new Books(direct);
        using var rush = await Rush.ComeAsync(fleet.Addresses, await books.WellStockedAsync(8), customers: 30);
        var cuts = 0;
        for (var wave = 0; wave < (LongRun.IsOn ? 20 : 2); wave++)
        {
            var before = rush.Told.Count;
            var checkingOut = (await rush.PrepareAsync())();
            for (var orders = before + 3; orders <= before + 27; orders += 6)
            {
                await rush.AnsweredAsync(orders);
                cuts += proxy.Cut();
            }

            await checkingOut;
        }

        output.WriteLine($"{cuts} connections cut, {rush.Told.Count} orders, {rush.Retries} requests repeated");
        cuts.ShouldBeGreaterThan(10);
        await books.ReconcileAsync(rush, fleet.Provider);
    }

    [SmallDiskFact]
    public async Task A_full_disk_pauses_the_shop_which_goes_on_by_itself_once_there_is_room()
    {
        using var disk = SmallDisk.Mount(megabytes: 64);
        await using var database = TestDatabase.SqliteIn(disk.Folder);
        await using var fleet = await Fleet.StartAsync(database, hosts: 1);
        var books = new Books(database);
        using var rush = await Rush.ComeAsync(fleet.Addresses, await books.WellStockedAsync(8), customers: 20);
        var first = (await rush.PrepareAsync())();
        await rush.AnsweredAsync(5);
        disk.Fill();
        await Eventually.TrueAsync(() => Task.FromResult(fleet[0].Output.Contains("pauses: ", StringComparison.Ordinal)), "the host to say that it pauses", TimeSpan.FromSeconds(60));
        disk.Empty();

        await first;
        rush.Told.Count.ShouldBe(20);
        await books.ReconcileAsync(rush, fleet.Provider);
    }
}
