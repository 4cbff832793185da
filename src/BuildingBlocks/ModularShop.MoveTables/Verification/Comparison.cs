namespace ModularShop.MoveTables;

/// <summary>A comparison of all rows that goes on while changes are carried over.</summary>
internal sealed class Comparison
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop;
    private readonly Progress _progress;
    private readonly Task<VDiffReport> _running;
    private volatile VDiffCheckpoint _reached;

    /// <param name="caughtUpAt">When the two databases were last known to be equal.</param>
    public Comparison(
        (MoveSide Written, MoveSide Following) sides, VDiffCheckpoint begin, Func<DateTime?> caughtUpAt, Progress progress, TimeProvider time, CancellationToken cancellationToken)
    {
        (_reached, _progress) = (begin, progress);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rows = begin.Rows();
        var vdiff = new VDiff(
            sides.Written, sides.Following,
            new VDiffSurroundings(
                async (horizon, cancellation) =>
                {
                    while (caughtUpAt() is not { } at || at < horizon)
                    {
                        await Task.Delay(Pace, cancellation);
                    }
                },
                (table, more, took, cancellation) => progress.ComparedAsync(table, rows += more, more, took, cancellation),
                checkpoint => _reached = checkpoint),
            time);
        _running = Task.Run(() => vdiff.RunAsync(begin, _stop.Token), _stop.Token);
    }

    /// <summary>How far it is.</summary>
    public VDiffCheckpoint Reached => _reached;

    public bool IsCompleted => _running.IsCompleted;

    public async Task<VDiffReport> ResultAsync()
    {
        _progress.IsComparing(null, 0);
        using (_stop)
        {
            return await _running;
        }
    }

    public async Task StopAsync()
    {
        _progress.IsComparing(null, 0);
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
    }
}
