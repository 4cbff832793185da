using System.Globalization;
using System.Text.Json.Nodes;
using Benchmarks.Data;
using Shouldly;

namespace Benchmarks.Reads;

/// <summary>The product list and a product, of the host and of <see cref="BareApi"/>, in turns.</summary>
internal static class ReadBenchmark
{
    private const int Rounds = 3;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static Table Table() => new(
        "Reads",
        "The host against a bare minimal API with the same query on the same database; 32 connections, the load comes from the same machine. CPU is the server process's, without PostgreSQL's.",
        ["engine", "data", "read", "host", "bare", "requests/s to bare", "host p99", "bare p99", "host CPU", "bare CPU", "CPU to bare"]);

    public static async IAsyncEnumerable<string[]> RunAsync(GrownShop shop)
    {
        await using var host = await shop.StartHostAsync();
        await using var bare = await BareApi.StartAndWaitAsync(shop.Database);
        var skus = await shop.SkusAsync(1000 * shop.Times);
        // A stride that meets them all in no order.
        foreach (var (name, path) in new (string, Func<int, string>)[] { ("list of 20", _ => Paths.List), ("by code", i => Paths.Product(skus[(int)(i * 7919L % skus.Count)])) })
        {
            await SaySameAsync(host, bare, path(1));
            var loads = new[] { new Load(new ProgramServer(host), path), new Load(new ProgramServer(bare), path) };
            var figures = new[] { new List<Figures>(), new List<Figures>() };
            for (var round = -1; round < Rounds; round++)
            {
                for (var server = 0; server < loads.Length; server++)
                {
                    var figure = await loads[server].RunAsync(round < 0 ? WarmUp : Round);
                    if (round >= 0)
                    {
                        figures[server].Add(figure);
                    }
                }
            }

            var (h, b) = (Figures.Median(figures[0]), Figures.Median(figures[1]));
            yield return
            [
                $"{shop.Database.Options.Provider}", $"{shop.Times}x", name, Text($"{h.PerSecond:N0}/s"), Text($"{b.PerSecond:N0}/s"), Text($"{h.PerSecond / b.PerSecond:F2}"),
                Text($"{h.P99:F0} ms"), Text($"{b.P99:F0} ms"), Text($"{h.Cost:F0} µs"), Text($"{b.Cost:F0} µs"), Text($"{h.Cost / b.Cost:F2}"),
            ];
        }
    }

    /// <summary>Who answers something else is not compared.</summary>
    private static async Task SaySameAsync(HostProcess host, HostProcess bare, string path)
    {
        var said = await AskAsync(host, path);
        (await AskAsync(bare, path)).ShouldBe(said);
    }

    private static async Task<string> AskAsync(HostProcess server, string path)
    {
        var answer = JsonNode.Parse(await server.Client.GetStringAsync(new Uri(path, UriKind.Relative)))!.AsObject();
        // The cursor, which each writes in its own way.
        answer.Remove("next");
        return answer.ToJsonString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
