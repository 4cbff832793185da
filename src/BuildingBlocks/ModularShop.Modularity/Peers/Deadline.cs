using System.Diagnostics;

namespace ModularShop.Modularity.Peers;

/// <summary>
/// Until when the work at hand is waited for. It flows with the work, as its trace does, so that whatever is asked on the
/// way is given what is left, in this process and in the next.
/// </summary>
public static class Deadline
{
    /// <summary>A timer may run a little before the clock that it is compared with.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(20);

    private static readonly AsyncLocal<long?> End = new();

    /// <summary>Null where nobody has set any.</summary>
    public static TimeSpan? Left => End.Value is { } end ? Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), end) : null;

    public static bool HasPassed => Left <= Tolerance;

    /// <summary>Does the work with a deadline: the one there is, or <paramref name="limit"/> from now if that is sooner. Then its token is cancelled.</summary>
    public static async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        limit = Left is { } left && left < limit ? left : limit;
        limit = limit < TimeSpan.Zero ? TimeSpan.Zero : limit;
        // Of this method alone: it is gone when the method returns.
        End.Value = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        return await work(patience.Token);
    }
}
