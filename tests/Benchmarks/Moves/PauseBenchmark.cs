using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Benchmarks.Moves;

/// <summary>How long writers wait around a switch, and how long they wait anyway: through the facade, with processes of their own.</summary>
internal static class PauseBenchmark
{
    private const int Clients = 12;

    public static Table Table() => new(
        "Moving tables: the pause of a switch",
        "Twelve clients make up to 20 writes a second each through the facade, read every fourth back at once and all of them in the end, while the tables of Catalog go to its service's database and come back, again and again. "
        + "The longest wait of any write around each switch, the first of all apart, beside the longest in as much time without one; and how long the tables took no writes. In ms.",
        ["engine", "switches", "writes", "p50", "p99", "longest", "the first", "no writes taken: p50", "p99", "without a switch: p50", "p99", "longest", "all writes: p50", "p99", "wrong answers"]);

    /// <param name="cycles">There and back again.</param>
    public static async Task<string[]> RunAsync(DatabaseProvider engine, int cycles)
    {
        await using var shop = await MovingShop.StartAsync(engine);
        await using var ledgers = await shop.OpenLedgersAsync(Clients, readEvery: 4);
        await shop.MakeReadyAsync();
        var (calm, pauses, clock) = (new List<double>(), new List<double>(), Stopwatch.StartNew());
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            foreach (var command in new[] { "switch-writes", "reverse" })
            {
                if (command == "switch-writes" && cycle > 0)
                {
                    await shop.VerifyAsync();
                }

                var began = Stopwatch.GetTimestamp();
                pauses.Add(await ledgers.LongestWaitAsync(() => shop.CommandAsync(command)));
                var took = Stopwatch.GetElapsedTime(began);
                using var pause = new PeriodicTimer(took);
                calm.Add(await ledgers.LongestWaitAsync(() => pause.WaitForNextTickAsync().AsTask()));
            }
        }

        var rate = ledgers.Writes.Count / clock.Elapsed.TotalSeconds;
        await ledgers.StopAsync();
        // Each switch has told the history what it took.
        var locked = (await shop.HistoryAsync()).Select(e => e["evidence"]?.GetValue<string>()).OfType<string>()
            .Select(e => JsonNode.Parse(e)!["lockedMilliseconds"]?.GetValue<double>()).OfType<double>().ToList();
        ledgers.Wrong.Take(5).ToList().ForEach(Console.WriteLine);
        return
        [
            $"{engine}", $"{pauses.Count}", string.Create(CultureInfo.InvariantCulture, $"{ledgers.Writes.Count:N0} ({rate:F0}/s)"), .. Quantiles(pauses[1..]), Figure(pauses[0]),
            .. Quantiles(locked)[..2], .. Quantiles(calm), .. Quantiles(ledgers.Writes.Select(w => w.Took.TotalMilliseconds))[..2], $"{ledgers.Wrong.Count}",
        ];
    }

    private static string[] Quantiles(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return [Figure(sorted[sorted.Length / 2]), Figure(sorted[(int)(0.99 * (sorted.Length - 1))]), Figure(sorted[^1])];
    }

    private static string Figure(double milliseconds) => milliseconds.ToString("F0", CultureInfo.InvariantCulture);
}
