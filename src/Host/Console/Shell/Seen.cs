using System.Collections.Concurrent;

namespace ModularShop.Host.Console;

/// <summary>How something was while somebody looked, in this process: what charts of long things are drawn from.</summary>
internal sealed class Seen<T>(TimeProvider time)
{
    private const int Most = 120;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.9);

    private readonly ConcurrentDictionary<string, Run> _runs = new(StringComparer.Ordinal);

    /// <summary>Notes what was seen, and says what has been seen, oldest first.</summary>
    /// <param name="of">Whose it is.</param>
    /// <param name="run">Of another one, what was seen before is forgotten.</param>
    public IReadOnlyList<Sample<T>> Note(string of, string run, T value) =>
        _runs.AddOrUpdate(of, _ => new Run(run), (_, known) => known.Name == run ? known : new Run(run)).Add(new Sample<T>(time.GetUtcNow(), value));

    private sealed class Run(string name)
    {
        private readonly List<Sample<T>> _samples = [];
        private TimeSpan _pace = Pace;

        public string Name => name;

        public IReadOnlyList<Sample<T>> Add(Sample<T> now)
        {
            lock (_samples)
            {
                if (_samples is [.., { } last] && now.At - last.At < _pace)
                {
                    return [.. _samples, now];
                }

                _samples.Add(now);
                if (_samples.Count > Most)
                {
                    // The whole of it is kept, at half the detail.
                    var kept = _samples.Where((_, i) => i % 2 == 0).ToList();
                    _samples.Clear();
                    _samples.AddRange(kept);
                    _pace *= 2;
                }

                return [.. _samples];
            }
        }
    }
}

public sealed record Sample<T>(DateTimeOffset At, T Value);
