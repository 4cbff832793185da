namespace ModularShop.Modularity.Peers;

/// <summary>
/// Where half of 20 or more attempts in 5 s fail, none is made for 2 s; then one is, and what becomes of it decides.
/// </summary>
/// <remarks>
/// Every request to another process passes it: while all is well it takes no lock, allocates nothing and needs no
/// asynchronous method around the attempt. What is in flight when it opens or closes is not told from what comes after.
/// </remarks>
public sealed class CircuitBreaker(TimeProvider time)
{
    private const int LeastAttempts = 20;
    private const double FailureRatio = 0.5;

    private static readonly TimeSpan Break = TimeSpan.FromSeconds(2);

    /// <summary>What is looked back at is ten of them.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(0.5);

    private readonly Part[] _parts = [.. Enumerable.Range(0, 10).Select(_ => new Part())];
    private readonly Lock _lock = new();

    /// <summary>Null while all is well.</summary>
    private DateTimeOffset? _openUntil;
    private volatile bool _isOpen;
    private bool _isTrying;

    /// <summary>Whether the attempt may be made; <see cref="Leave"/> has to be called behind it.</summary>
    public bool TryEnter() => !_isOpen || TryHalfOpen();

    public void Leave(bool failed)
    {
        var part = PartOf(time.GetUtcNow());
        Interlocked.Increment(ref part.Attempts);
        if (failed)
        {
            Interlocked.Increment(ref part.Failures);
        }

        if (failed || _isOpen)
        {
            Judge(failed);
        }
    }

    private bool TryHalfOpen()
    {
        lock (_lock)
        {
            if (_openUntil is not { } until)
            {
                return true;
            }

            var now = time.GetUtcNow();
            // A clock that is put back does not prolong it.
            if (now < until && until - now <= Break)
            {
                return false;
            }

            // Others wait for what becomes of this one, or for as long as a break.
            (_isTrying, _openUntil) = (true, now + Break);
            return true;
        }
    }

    private void Judge(bool failed)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_openUntil is null)
            {
                var (attempts, failures) = Count(now);
                if (attempts >= LeastAttempts && failures >= FailureRatio * attempts)
                {
                    (_openUntil, _isTrying, _isOpen) = (now + Break, false, true);
                }
            }
            else if (_isTrying && failed)
            {
                (_openUntil, _isTrying) = (now + Break, false);
            }
            else if (_isTrying)
            {
                Array.ForEach(_parts, p => (p.Attempts, p.Failures) = (0, 0));
                (_openUntil, _isTrying, _isOpen) = (null, false, false);
            }
        }
    }

    private static long NumberOf(DateTimeOffset now) => now.UtcTicks / Span.Ticks;

    private Part PartOf(DateTimeOffset now)
    {
        var number = NumberOf(now);
        var part = _parts[(int)(number % _parts.Length)];
        if (Volatile.Read(ref part.Number) != number)
        {
            lock (_lock)
            {
                if (part.Number != number)
                {
                    (part.Attempts, part.Failures) = (0, 0);
                    Volatile.Write(ref part.Number, number);
                }
            }
        }

        return part;
    }

    private (int Attempts, int Failures) Count(DateTimeOffset now)
    {
        var number = NumberOf(now);
        var recent = _parts.Where(p => p.Number > number - _parts.Length && p.Number <= number).ToList();
        return (recent.Sum(p => p.Attempts), recent.Sum(p => p.Failures));
    }

    /// <summary>What became of the attempts of one span.</summary>
    private sealed class Part
    {
        public long Number = -1;
        public int Attempts;
        public int Failures;
    }
}
