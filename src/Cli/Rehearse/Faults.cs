namespace ModularShop.Cli.Rehearse;

internal enum FaultKind
{
    /// <summary>kill -9 of the host or the service, and its restart.</summary>
    Kill,

    /// <summary>SIGSTOP of the host or the service, and its late awakening.</summary>
    Pause,

    /// <summary>Host and service do not reach each other.</summary>
    Partition,

    /// <summary>The service's database takes long.</summary>
    SlowTarget,
}

/// <summary>What breaks in a rehearsal: one thing after the other, each of them mended again, in an order that the seed decides.</summary>
internal sealed class Faults
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(400);

    private readonly Stage _stage;
    private readonly Recorder _recorder;
    private readonly Action<string> _tell;
    private readonly Random _random;
    private readonly List<(string Text, Func<CancellationToken, Task> StrikeAsync)> _all;
    private int _next;

    public Faults(Stage stage, Recorder recorder, IReadOnlySet<FaultKind> kinds, int seed, Action<string> tell)
    {
        (_stage, _recorder, _tell) = (stage, recorder, tell);
#pragma warning disable CA5394 // chance that can be repeated, not a secret
        _random = new Random(seed);
        List<(FaultKind Kind, string Text, Func<CancellationToken, Task> StrikeAsync)> all =
        [
            (FaultKind.Kill, "the host is killed", token => _stage.KillAsync(s => s.Host, _stage.HostReadyAsync, token)),
            (FaultKind.Kill, "the service is killed", token => _stage.KillAsync(s => s.Service, _stage.ServiceReadyAsync, token)),
            (FaultKind.Pause, "the host stands still", token => PauseAsync(_stage.Host, token)),
            (FaultKind.Pause, "the service stands still", token => PauseAsync(_stage.Service, token)),
            (FaultKind.Partition, "host and service do not reach each other", PartitionAsync),
            (FaultKind.SlowTarget, "the service's database is slow", token => _stage.Databases.SlowServiceAsync(_stage.Module, Duration, token)),
        ];
        _all = [.. all.Where(f => kinds.Contains(f.Kind)).OrderBy(_ => _random.Next()).Select(f => (f.Text, f.StrikeAsync))];
#pragma warning restore CA5394
    }

    public int Struck { get; private set; }

    /// <summary>The next fault, a moment from now; returns when it is mended.</summary>
    public async Task StrikeAsync(CancellationToken cancellationToken)
    {
        if (_all.Count == 0)
        {
            return;
        }

        var (text, strike) = _all[_next++ % _all.Count];
#pragma warning disable CA5394 // chance that can be repeated, not a secret
        await Task.Delay(Longest * _random.NextDouble(), cancellationToken);
#pragma warning restore CA5394
        _recorder.Marks.Enqueue(new Mark(_recorder.Now, text, IsFault: true));
        _tell($"fault: {text}");
        Struck++;
        await strike(cancellationToken);
    }

    private async Task PauseAsync(StagedProcess process, CancellationToken cancellationToken)
    {
        if (!process.TrySuspend())
        {
            _tell($"fault: the {process.Name} could not be made to stand still on this system");
            return;
        }

        try
        {
            await Task.Delay(Duration, cancellationToken);
        }
        finally
        {
            process.Resume();
        }
    }

    private async Task PartitionAsync(CancellationToken cancellationToken)
    {
        _stage.IsPartitioned = true;
        try
        {
            await Task.Delay(Duration, cancellationToken);
        }
        finally
        {
            _stage.IsPartitioned = false;
        }
    }
}
