using System.Collections.Concurrent;
using ModularShop.MoveTables;

namespace ModularShop.Host.Console;

/// <summary>How far the databases of a move were apart, while somebody looked; of the last minutes, in this process.</summary>
internal sealed class MoveLags(TimeProvider time)
{
    private const int Most = 120;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Queue<MoveSample>> _samples = new(StringComparer.Ordinal);

    /// <summary>Notes what was seen, and says what has been seen of this move, oldest first.</summary>
    public IReadOnlyList<MoveSample> Note(MoveView move)
    {
        var samples = _samples.GetOrAdd(move.Module, _ => new Queue<MoveSample>());
        var sample = new MoveSample(move.Id, time.GetUtcNow(), move.LagSeconds, move.LogRows, move.RowsPerSecond);
        lock (samples)
        {
            if (samples.TryPeek(out var first) && first.Move != move.Id)
            {
                samples.Clear();
            }

            if (samples.LastOrDefault() is not { } last || sample.At - last.At >= Pace * 0.9)
            {
                samples.Enqueue(sample);
            }

            if (samples.Count > Most)
            {
                samples.Dequeue();
            }

            return [.. samples];
        }
    }
}

/// <param name="Lag">In seconds; null while rows are copied.</param>
public sealed record MoveSample(Guid Move, DateTimeOffset At, double? Lag, long LogRows, double RowsPerSecond);
