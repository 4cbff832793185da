using System.Diagnostics;

namespace ModularShop.Facade;

/// <summary>How long requests took, counted in buckets of which each is 4.4 % wider than the one before, from 10 µs to 10 minutes.</summary>
internal sealed class Latencies
{
    private const double Least = 10e-6;
    private const int PerDoubling = 16;

    private readonly long[] _counts = new long[BucketOf(600) + 1];

    /// <param name="elapsed">In ticks of <see cref="Stopwatch"/>.</param>
    public void Add(long elapsed) => Interlocked.Increment(ref _counts[Math.Min(BucketOf((double)elapsed / Stopwatch.Frequency), _counts.Length - 1)]);

    public void Add(TimeSpan elapsed) => Interlocked.Increment(ref _counts[Math.Min(BucketOf(elapsed.TotalSeconds), _counts.Length - 1)]);

    /// <summary>Counts what another has counted too.</summary>
    public void Add(Latencies other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            Interlocked.Add(ref _counts[i], Interlocked.Read(ref other._counts[i]));
        }
    }

    public long Count => Sum(0);

    /// <summary>How many took longer, to the width of a bucket.</summary>
    public long Above(TimeSpan limit) => Sum(BucketOf(limit.TotalSeconds) + 1);

    /// <summary>The time that 95 % did not exceed; zero where there are none.</summary>
    public TimeSpan P95() => Percentile(0.95);

    /// <summary>The time that a share of them, 0 to 1, did not exceed; zero where there are none.</summary>
    public TimeSpan Percentile(double share)
    {
        var (total, seen) = (Count, 0L);
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Interlocked.Read(ref _counts[i]);
            if (seen > 0 && seen >= share * total)
            {
                return TimeSpan.FromSeconds(Least * Math.Pow(2, (i + 1.0) / PerDoubling));
            }
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(double seconds) => seconds <= Least ? 0 : (int)(Math.Log2(seconds / Least) * PerDoubling);

    private long Sum(int from)
    {
        var sum = 0L;
        for (var i = from; i < _counts.Length; i++)
        {
            sum += Interlocked.Read(ref _counts[i]);
        }

        return sum;
    }
}
