using System.Collections.Concurrent;

namespace ModularShop.Messaging;

/// <summary>How many messages of each type each module has handled here in the last minute.</summary>
internal sealed class HandledRates(TimeProvider time)
{
    private const int SliceSeconds = 5;
    private const int Slices = 60 / SliceSeconds;

    private readonly ConcurrentDictionary<(string Module, string Type), Ring> _rings = new();

    public void Add(string module, string type) => _rings.GetOrAdd((module, type), _ => new Ring()).Add(Slice);

    /// <summary>In the last minute, to five seconds.</summary>
    public int LastMinute(string module, string type) => _rings.TryGetValue((module, type), out var ring) ? ring.Sum(Slice) : 0;

    private long Slice => time.GetTimestamp() / time.TimestampFrequency / SliceSeconds;

    private sealed class Ring
    {
        private readonly Lock _lock = new();
        private readonly (long Slice, int Count)[] _counts = new (long, int)[Slices + 1];

        public void Add(long slice)
        {
            lock (_lock)
            {
                ref var count = ref _counts[slice % _counts.Length];
                count = count.Slice == slice ? (slice, count.Count + 1) : (slice, 1);
            }
        }

        public int Sum(long now)
        {
            lock (_lock)
            {
                return _counts.Where(c => c.Slice > now - Slices).Sum(c => c.Count);
            }
        }
    }
}
