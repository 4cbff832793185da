namespace ModularShop.MoveTables;

/// <summary>A comparison of all rows that goes on while changes are carried over.</summary>
internal sealed class Comparison
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop;
    private readonly Progress _progress;
    private readonly Task<VDiffReport> _running;

    private Comparison(Task<VDiffReport> running, CancellationTokenSource stop, Progress progress, string by) => (_running, _stop, _progress, By) = (running, stop, progress, by);

    public string By { get; }

    public bool IsCompleted => _running.IsCompleted;

    /// <param name="caughtUpAt">When the two databases were last known to be equal.</param>
    public static Comparison Start(
        (MoveSide Written, MoveSide Following) sides, Func<DateTime?> caughtUpAt, Progress progress, string by, TimeProvider time, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var vdiff = new VDiff(
            sides.Written, sides.Following,
            async (horizon, cancellation) =>
            {
                while (caughtUpAt() is not { } at || at < horizon)
                {
                    await Task.Delay(Pace, cancellation);
                }
            },
            time);
        return new Comparison(Task.Run(() => vdiff.RunAsync(progress.Compared, stop.Token), stop.Token), stop, progress, by);
    }

    public async Task<VDiffReport> ResultAsync()
    {
        _progress.Compared(null, 0);
        using (_stop)
        {
            return await _running;
        }
    }

    public async Task StopAsync()
    {
        _progress.Compared(null, 0);
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
    }
}
