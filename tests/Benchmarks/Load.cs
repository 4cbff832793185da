using System.Diagnostics;

namespace Benchmarks;

/// <summary>Readers that each ask again as soon as they are answered, over connections that stay open.</summary>
internal sealed class Load(IServer server, Func<int, string> path)
{
    private const int Readers = 32;

    /// <summary>For a time.</summary>
    public async Task<Figures> RunAsync(TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var before = server.ProcessorTime;
        var latencies = await Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => ReadAsync(reader, _ => clock.Elapsed < duration)));
        var took = server.ProcessorTime - before;
        var all = latencies.SelectMany(l => l).Order().ToList();
        return new Figures(all.Count, all.Count / clock.Elapsed.TotalSeconds, all[(int)(all.Count * 0.99)], took.TotalMicroseconds / all.Count);
    }

    /// <summary>So many times.</summary>
    public Task RunAsync(int requests) => Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => ReadAsync(reader, done => done < requests / Readers)));

    private async Task<List<double>> ReadAsync(int reader, Func<int, bool> goesOn)
    {
        var latencies = new List<double>();
        while (goesOn(latencies.Count))
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await server.Client.GetAsync(new Uri(path((latencies.Count * Readers) + reader), UriKind.Relative));
            response.EnsureSuccessStatusCode();
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return latencies;
    }
}

/// <param name="P99">In milliseconds.</param>
/// <param name="Cost">Microseconds of the server's processor per request.</param>
internal sealed record Figures(int Requests, double PerSecond, double P99, double Cost)
{
    /// <summary>The middle one of each figure.</summary>
    public static Figures Median(IReadOnlyList<Figures> runs) => new((int)Middle(runs, r => r.Requests), Middle(runs, r => r.PerSecond), Middle(runs, r => r.P99), Middle(runs, r => r.Cost));

    private static double Middle(IReadOnlyList<Figures> runs, Func<Figures, double> figure) => runs.Select(figure).Median();
}
