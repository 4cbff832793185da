namespace ModularShop.Facade;

/// <summary>What one side of an endpoint has answered in the last two minutes: by the second how many, by five seconds how long they took.</summary>
internal sealed class SideRing
{
    public const int SliceSeconds = 5;

    public const int Slices = 24;

    private readonly Lock _lock = new();
    private readonly Second[] _seconds = new Second[(Slices + 1) * SliceSeconds];
    private readonly Slice[] _slices = new Slice[Slices + 1];

    /// <param name="now">In seconds since the measuring began.</param>
    public void Add(int now, TimeSpan elapsed, bool failed, bool fellBack)
    {
        lock (_lock)
        {
            ref var second = ref _seconds[now % _seconds.Length];
            if (second.Number != now)
            {
                second = new Second { Number = now };
            }

            second.Requests++;
            second.Failed += failed ? 1 : 0;
            second.FellBack += fellBack ? 1 : 0;
            ref var slice = ref _slices[now / SliceSeconds % _slices.Length];
            if (slice.Latencies is null || slice.Number != now / SliceSeconds)
            {
                slice = new Slice(now / SliceSeconds, new Latencies());
            }

            slice.Latencies!.Add(elapsed);
        }
    }

    /// <summary>What was answered from one second on, and before another.</summary>
    public SideCount Count(int from, int to)
    {
        var count = default(SideCount);
        lock (_lock)
        {
            foreach (var second in _seconds)
            {
                if (second.Number >= from && second.Number < to)
                {
                    count = new SideCount(count.Requests + second.Requests, count.Failed + second.Failed, count.FellBack + second.FellBack);
                }
            }
        }

        return count;
    }

    /// <summary>How long the answers of some slices took.</summary>
    public Latencies LatenciesOf(int fromSlice, int toSlice)
    {
        var sum = new Latencies();
        lock (_lock)
        {
            foreach (var slice in _slices)
            {
                if (slice.Latencies is { } latencies && slice.Number >= fromSlice && slice.Number <= toSlice)
                {
                    sum.Add(latencies);
                }
            }
        }

        return sum;
    }

    private record struct Second(int Number, int Requests, int Failed, int FellBack);

    private readonly record struct Slice(int Number, Latencies? Latencies);
}

/// <param name="FellBack">Those that the monolith answered in place of a service that could not.</param>
internal readonly record struct SideCount(long Requests, long Failed, long FellBack);
