using System.Net;
using System.Net.Http.Json;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Moves;

/// <summary>Catalog's tables move to its service and back under load, through the real facade, with real processes.</summary>
public sealed class MoveTests(ITestOutputHelper output)
{
    private const int Clients = 10;

    [Fact]
    public Task On_sqlite_no_client_notices_that_the_data_moves_there_and_back() => MoveAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_no_client_notices_that_the_data_moves_there_and_back() => MoveAsync(DatabaseProvider.PostgreSql);

    [SqlServerFact]
    public Task On_sql_server_no_client_notices_that_the_data_moves_there_and_back() => MoveAsync(DatabaseProvider.SqlServer);

    private async Task MoveAsync(DatabaseProvider engine)
    {
        var cycles = LongRun.IsOn ? 100 : 3;
        await using var shop = await MovingShop.StartAsync(engine);
        await using var ledgers = await shop.OpenLedgersAsync(Clients);
        await shop.MakeReadyAsync();

        var (calm, pauses, told) = (new List<double>(), new List<double>(), 0);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            if (cycle > 0)
            {
                await shop.VerifyAsync();
            }

            calm.Add(await ledgers.LongestWaitAsync(() => shop.StatusAsync()));
            pauses.Add(await ledgers.LongestWaitAsync(() => shop.CommandAsync("switch-writes")));
            pauses.Add(await ledgers.LongestWaitAsync(() => shop.CommandAsync("reverse")));
            told += 2;
        }

        await shop.VerifyAsync();
        await shop.CommandAsync("switch-writes");
        await ledgers.StopAsync();
        output.WriteLine($"{engine}: {told + 1} switches, {ledgers.Writes.Count} writes; {string.Join(", ", ledgers.AnsweredBy.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} {a.Value}"))}");
        output.WriteLine($"the longest of each, in order: {string.Join(' ', pauses.Select(p => $"{p:F0}"))}");
        output.WriteLine($"longest wait of a write around a switch: {Distribution(pauses)}; in as much time without one: {Distribution(calm)}; all writes: {Distribution(ledgers.Writes.Select(w => w.Took.TotalMilliseconds))}");
        ledgers.Wrong.ShouldBeEmpty($"the host said: {shop.Deployment.Host.Output}\nthe service said: {shop.Deployment["Catalog"].Output}");
        shop.Deployment["Catalog"].Output.Contains("4 kinds of write were executed 2 times each and undone", StringComparison.Ordinal).ShouldBe(engine is not DatabaseProvider.Sqlite);
        ledgers.AnsweredBy.Keys.ShouldBe(["read monolith", "read catalog-service", "write monolith", "write catalog-service"], ignoreOrder: true);

        await shop.VerifyAsync();
        await shop.CommandAsync("complete");
        await shop.ComesToAsync("completed");
        using var alone = await shop.Operator.GetAsync(new Uri("/api/v1/catalog/products/KIT-0101/stock", UriKind.Relative));
        (alone.IsSuccessStatusCode, alone.AnsweredBy()).ShouldBe((true, "catalog-service"));
        await DeadLettersAreAtTheServiceAsync(shop);
        (await shop.HistoryAsync()).Count(e => e["what"]!.GetValue<string>() == "Writes are switched to the service.").ShouldBe(cycles + 1);
    }

    /// <summary>Operators ask the host, as ever.</summary>
    private static async Task DeadLettersAreAtTheServiceAsync(MovingShop shop)
    {
        var letters = new Uri("/api/v1/messages/catalog/dead-letters", UriKind.Relative);
        (await shop.Operator.GetAsync(letters).ShouldBeAsync(200))["items"]!.AsArray().ShouldBeEmpty();
        var retried = await shop.Operator.PostAsJsonAsync(new Uri($"{letters}/retry", UriKind.Relative), new { type = "Catalog.ReserveStock" }).ShouldBeAsync(200);
        retried["retried"]!.GetValue<int>().ShouldBe(0);
        await shop.Operator.PostAsJsonAsync(new Uri($"{letters}/{Guid.Empty}/discard", UriKind.Relative), new { reason = "none of that" }).ShouldHaveStatusAsync(404);
        (await shop.Deployment.Host.Client.GetAsync(letters)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await shop.Deployment["Catalog"].KillAsync();
        await shop.Operator.GetAsync(letters).ShouldHaveStatusAsync(503);
    }

    private static string Distribution(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return $"p50 {sorted[sorted.Length / 2]:F0}, p99 {sorted[(int)(0.99 * (sorted.Length - 1))]:F0}, longest {sorted[^1]:F0} ms";
    }
}
