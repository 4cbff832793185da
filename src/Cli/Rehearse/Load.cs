namespace ModularShop.Cli.Rehearse;

/// <summary>Clients that go on, each one request after the other, until they are told to stop.</summary>
internal sealed class Load
{
    private static readonly TimeSpan BetweenPurchases = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running;
    private readonly Recorder _recorder;

    /// <param name="rate">Requests a second of the accounts together, where the shop keeps up.</param>
    public Load(IReadOnlyList<Account> accounts, Shoppers shoppers, int rate, Recorder recorder, CancellationToken cancellationToken)
    {
        _recorder = recorder;
        var pace = TimeSpan.FromSeconds(2.0 * accounts.Count / rate);
        _running =
        [
            .. accounts.Select(a => Task.Run(() => RunAsync(a.TurnAsync, pace, cancellationToken), cancellationToken)),
            .. shoppers.Turns.Select(turn => Task.Run(() => RunAsync(turn, BetweenPurchases, cancellationToken), cancellationToken)),
        ];
    }

    /// <summary>Returns when every client has its last answer.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task> turn, TimeSpan pace, CancellationToken cancellationToken)
    {
        var due = _recorder.Now;
        while (!_stop.IsCancellationRequested)
        {
            await turn(cancellationToken);
            due += pace;
            if (due > _recorder.Now)
            {
                await Task.WhenAny(Task.Delay(due - _recorder.Now, _stop.Token));
            }
            else
            {
                // Late: what was missed is not made up for at once.
                due = _recorder.Now;
            }
        }
    }
}
