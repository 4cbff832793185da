using ModularShop.Modularity.Data;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Facade;

/// <summary>A real service is killed while it answers reads.</summary>
public sealed class KilledServiceTests(ITestOutputHelper output)
{
    private static readonly Uri Product = new("/api/v1/catalog/products/KIT-0101", UriKind.Relative);

    [Fact]
    public async Task No_read_fails_and_traffic_returns_by_itself()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await using var deployment = await Deployment.StartAsync(database, ["Catalog"], _ => [("RateLimits:RequestsPerSecond", "100000"), ("Facade:FallbacksPerSecond", "100000")]);
        deployment.Route(("Catalog.GetProduct", "Service"));
        await AnsweredByAsync(deployment, "catalog-service");
        using var stop = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 8).Select(_ => ReadAsync(deployment.Host.Client, stop.Token)).ToList();
        for (var kill = 0; kill < 3; kill++)
        {
            await deployment.KillAsync("Catalog");
            await AnsweredByAsync(deployment, "monolith");
            deployment.Start("Catalog");
            await AnsweredByAsync(deployment, "catalog-service");
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(reading)).SelectMany(a => a).ToList();
        output.WriteLine($"{answers.Count} reads, 3 kills; {string.Join(", ", answers.GroupBy(a => a, StringComparer.Ordinal).Select(a => $"{a.Key}: {a.Count()}"))}");
        answers.Where(a => !a.StartsWith("OK", StringComparison.Ordinal)).ShouldBeEmpty();
        answers.Count.ShouldBeGreaterThan(200);
    }

    /// <summary>Waits until it has answered a hundred times in a row, so that the next change comes in the middle.</summary>
    private static Task AnsweredByAsync(Deployment deployment, string who) => Eventually.TrueAsync(
        async () =>
        {
            for (var answers = 0; answers < 100; answers++)
            {
                using var response = await deployment.Host.Client.GetAsync(Product);
                if (response.AnsweredBy() != who)
                {
                    return false;
                }
            }

            return true;
        },
        $"the {who} to answer",
        TimeSpan.FromMinutes(3));

    private static async Task<List<string>> ReadAsync(HttpClient client, CancellationToken stop)
    {
        var answers = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var response = await client.GetAsync(Product, CancellationToken.None);
                answers.Add($"{response.StatusCode} by {response.AnsweredBy()}");
            }
            catch (HttpRequestException e)
            {
                answers.Add($"failed: {e.Message}");
            }
        }

        return answers;
    }
}
