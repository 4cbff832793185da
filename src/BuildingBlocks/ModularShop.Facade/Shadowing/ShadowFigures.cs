namespace ModularShop.Facade;

/// <summary>What became of the copy of a request.</summary>
internal enum ShadowOutcome
{
    Equal,

    /// <summary>Different at first, and no longer when both were asked again: the data had changed in between.</summary>
    Settled,

    /// <summary>Different both times.</summary>
    Different,

    /// <summary>The service could not be reached, broke off, or answered 502, 503 or 504.</summary>
    ServiceError,

    TimedOut,

    /// <summary>More was waiting than is allowed to.</summary>
    Dropped,

    /// <summary>An answer was longer than is compared, or a stream.</summary>
    TooLarge,
}

/// <summary>How an endpoint's service compares, since the endpoint has been in the mode Shadow or this process has been running.</summary>
internal sealed class ShadowFigures(long revision, DateTimeOffset since)
{
    public const int MostSamples = 20;

    private readonly long[] _counts = new long[Enum.GetValues<ShadowOutcome>().Length];
    private readonly Queue<ShadowSample> _samples = new();
    private readonly Lock _lock = new();

    /// <summary>The revision of the routing that began it.</summary>
    public long Revision => revision;

    public void Count(ShadowOutcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    public void Keep(ShadowSample sample)
    {
        lock (_lock)
        {
            if (_samples.Count == MostSamples)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(sample);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ShadowSample> Samples()
    {
        lock (_lock)
        {
            return [.. _samples.Reverse()];
        }
    }

    public ShadowReading Read()
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Interlocked.Read(ref _counts[i]);
        }

        return new ShadowReading(since, counts);
    }
}

/// <summary>The figures at a moment. Two of them make the figures of the time between: <c>now.After(then).MismatchRate</c>.</summary>
internal sealed record ShadowReading(DateTimeOffset Since, IReadOnlyList<long> Counts)
{
    public long this[ShadowOutcome outcome] => Counts[(int)outcome];

    public long Compared => Equal + this[ShadowOutcome.Different];

    public long Equal => this[ShadowOutcome.Equal] + this[ShadowOutcome.Settled];

    /// <summary>0 to 1; null where nothing was compared.</summary>
    public double? MismatchRate => Compared == 0 ? null : (double)this[ShadowOutcome.Different] / Compared;

    /// <summary>What came after <paramref name="earlier"/>; all of it, where the figures have begun anew since then.</summary>
    public ShadowReading After(ShadowReading earlier) =>
        earlier.Since != Since ? this : this with { Counts = [.. Counts.Zip(earlier.Counts, (now, then) => now - then)] };
}

/// <summary>What an endpoint in the mode Shadow is compared by, and how it compares.</summary>
internal sealed record ShadowWatch(ShadowRules Rules, ShadowFigures Figures);
