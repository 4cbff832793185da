using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Crashes;
using ModularShop.Modularity.Data;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Facade;

/// <summary>Traffic and ownership that move to a real service and back, under load.</summary>
public sealed class FlipTests(ITestOutputHelper output)
{
    private static readonly string[] Modes = ["\"Monolith\"", "\"Shadow\"", "{ \"Mode\": \"Canary\", \"Percent\": 50 }", "\"Service\""];
    private static readonly string[] Moved = ["Catalog.GetProduct", "Catalog.ListProducts", "Catalog.ListCategories"];

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Long)]
    public Task On_sqlite_no_request_fails_and_no_write_is_lost_or_doubled() => FlipAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_no_request_fails_and_no_write_is_lost_or_doubled() => FlipAsync(DatabaseProvider.PostgreSql);

    private async Task FlipAsync(DatabaseProvider provider)
    {
        var flips = LongRun.IsOn ? 200 : 20;
        await using var database = await TestDatabase.FilledAsync(provider);
        await using var deployment = await Deployment.StartAsync(database, ["Catalog"], _ => [("RateLimits:RequestsPerSecond", "100000")]);
        using var operators = await deployment.Host.LogInOperatorAsync();
        var route = Path.Combine(database.Folder, "routing.json");
        var service = deployment.PeerAddress("Catalog");
        using var stop = new CancellationTokenSource();
        var traffic = new Traffic(deployment.Host.Client, operators);
        var running = Enumerable.Range(0, 4).Select(_ => traffic.ReadAsync(stop.Token)).Append(traffic.WriteAsync(stop.Token)).Append(traffic.WriteAsync(stop.Token)).ToList();

        var random = new Random(20261122);
        var slowest = TimeSpan.Zero;
        for (var flip = 0; flip < flips; flip++)
        {
            if (flip % 4 == 3)
            {
                await operators.ChangeOwnerAsync("Catalog");
                continue;
            }

            var endpoints = string.Join(", ", Moved.Select(e => $"\"{e}\": {Modes[random.Next(Modes.Length)]}"));
            var revision = await RevisionAsync(operators);
            var written = Stopwatch.StartNew();
            await File.WriteAllTextAsync(route, $$"""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "{{service}}" ] } }, "Endpoints": { {{endpoints}} } } } // {{flip}}""");
            await Eventually.TrueAsync(async () => await RevisionAsync(operators) > revision, "the flip to be in effect");
            slowest = written.Elapsed > slowest ? written.Elapsed : slowest;
        }

        await stop.CancelAsync();
        await Task.WhenAll(running);
        output.WriteLine($"{provider}: {flips} flips, {traffic.Reads} reads and {traffic.Created.Count} writes; slowest flip seen by a client {slowest.TotalMilliseconds:F0} ms; answered by {string.Join(", ", traffic.AnsweredBy.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} {a.Value}"))}");
        traffic.Failures.ShouldBeEmpty();
        traffic.AnsweredBy.Keys.ShouldBe(["read monolith", "read catalog-service", "write monolith", "write catalog-service"], ignoreOrder: true);
        await EveryWriteIsThereAsync(deployment.Host.Client, traffic.Created);
    }

    private static async Task<long> RevisionAsync(HttpClient operators) =>
        (await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["revision"]!.GetValue<long>();

    /// <summary>A write that was executed twice was answered with 409; one that was lost is not found.</summary>
    private static async Task EveryWriteIsThereAsync(HttpClient client, IEnumerable<string> created)
    {
        foreach (var sku in created)
        {
            await client.GetAsync(new Uri($"/api/v1/catalog/products/{sku}", UriKind.Relative)).ShouldHaveStatusAsync(200);
        }
    }

    private sealed class Traffic(HttpClient client, HttpClient operators)
    {
        private int _reads;

        public int Reads => _reads;

        public ConcurrentBag<string> Created { get; } = [];

        public ConcurrentBag<string> Failures { get; } = [];

        public ConcurrentDictionary<string, int> AnsweredBy { get; } = new(StringComparer.Ordinal);

        public async Task ReadAsync(CancellationToken stop)
        {
            string[] paths = ["/api/v1/catalog/products/KIT-0101", "/api/v1/catalog/products?size=5", "/api/v1/catalog/categories"];
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await SendAsync("read", () => client.GetAsync(new Uri(paths[i % paths.Length], UriKind.Relative)), 200);
                Interlocked.Increment(ref _reads);
            }
        }

        public async Task WriteAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var sku = $"F-{Guid.CreateVersion7():N}".ToUpperInvariant();
                var product = new { sku, name = $"Flipped {sku}", category = "kitchen", price = new { amount = 100, currency = "EUR" } };
                if (await SendAsync("write", () => operators.PostAsJsonAsync("/api/v1/catalog/products", product), 201))
                {
                    Created.Add(sku);
                }
            }
        }

        private async Task<bool> SendAsync(string kind, Func<Task<HttpResponseMessage>> send, int status)
        {
            try
            {
                using var response = await send();
                AnsweredBy.AddOrUpdate($"{kind} {response.AnsweredBy()}", 1, (_, n) => n + 1);
                if ((int)response.StatusCode == status)
                {
                    return true;
                }

                Failures.Add($"{kind}: {(int)response.StatusCode} {response.AnsweredBy()} {await response.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException e)
            {
                Failures.Add($"{kind}: {e}");
            }

            return false;
        }
    }
}
