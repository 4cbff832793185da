using System.Collections.Concurrent;
using System.Diagnostics;

namespace ModularShop.Cli.Rehearse;

internal enum Violation
{
    /// <summary>A request that got no answer, or another one than the shop gives when all is well.</summary>
    Failed,

    /// <summary>In the end, a write that was acknowledged is not there.</summary>
    Lost,

    /// <summary>A write is there more often than it was made.</summary>
    Doubled,

    /// <summary>A read that does not show what its client wrote before.</summary>
    Stale,

    /// <summary>The two databases differ, or a step of the move did not come to its end.</summary>
    Unfinished,
}

/// <summary>A request of a client, with all its repetitions.</summary>
internal readonly record struct Sample(TimeSpan Began, TimeSpan Took, bool IsWrite, bool IsOk);

/// <summary>How far the move was at a moment.</summary>
internal readonly record struct Following(TimeSpan At, double? LagSeconds, long Rows, long RowsExpected, long LogRows);

/// <summary>A phase of the rehearsal, or a fault.</summary>
internal sealed record Mark(TimeSpan At, string Text, bool IsFault);

/// <summary>What happens in a rehearsal, by its clock.</summary>
internal sealed class Recorder
{
    private const int MostTexts = 50;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<Violation, int> _violations = new();
    private readonly ConcurrentQueue<(Violation Kind, string Text)> _texts = new();
    private int _repeated;

    public TimeSpan Now => _clock.Elapsed;

    public ConcurrentQueue<Sample> Samples { get; } = new();

    public ConcurrentQueue<Following> Followed { get; } = new();

    public ConcurrentQueue<Mark> Marks { get; } = new();

    /// <summary>Tries beyond the first: after a connection that broke, or a 503 that asks for patience.</summary>
    public int Repeated => Volatile.Read(ref _repeated);

    /// <summary>The first of them, in words.</summary>
    public IEnumerable<string> Violations => _texts.Select(t => $"{t.Kind}: {t.Text}");

    public int Count(Violation kind) => _violations.GetValueOrDefault(kind);

    public void Repeat() => Interlocked.Increment(ref _repeated);

    public void Violated(Violation kind, string text)
    {
        if (_violations.AddOrUpdate(kind, 1, (_, n) => n + 1) <= MostTexts)
        {
            _texts.Enqueue((kind, $"{Now:mm\\:ss\\.f} {text}"));
        }
    }
}
