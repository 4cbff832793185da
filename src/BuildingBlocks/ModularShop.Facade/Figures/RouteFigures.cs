using System.Diagnostics.Metrics;

namespace ModularShop.Facade;

/// <summary>
/// How much each endpoint is asked for, how often it fails and how long it takes, the monolith beside the service. It is
/// measured while somebody looks: from the first look on, until nobody has looked for a while.
/// </summary>
internal sealed class RouteFigures(EndpointInventory inventory, IMeterFactory meters, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int MinuteSlices = 60 / SideRing.SliceSeconds;

    /// <summary>Over how many seconds requests per second are counted.</summary>
    private const int RateSeconds = 5;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Measuring? _measuring;
    private ITimer? _timer;
    private DateTimeOffset _looked;

    public bool IsMeasuring => _measuring is not null;

    public FiguresView Show()
    {
        var measuring = Begin();
        return new FiguresView(
            Host, time.GetUtcNow(), measuring.Since,
            [.. inventory.Endpoints.Select(e => LastMinute(measuring, e)).Where(f => f.Monolith is not null || f.Service is not null)]);
    }

    public EndpointFiguresView Show(FacadeEndpoint endpoint)
    {
        var measuring = Begin();
        var now = measuring.Now;
        // The slice under way is shown as far as it has come: whoever has switched something sees it within a second or two.
        var (slice, slices) = (now / SideRing.SliceSeconds, now % SideRing.SliceSeconds == 0 ? 0 : 1);
        return new EndpointFiguresView(
            Host, time.GetUtcNow(), measuring.Since, SideRing.SliceSeconds, LastMinute(measuring, endpoint),
            [.. Enumerable.Range(Math.Max(0, slice - SideRing.Slices), Math.Min(slice, SideRing.Slices) + slices).Select(s => PointOf(measuring, endpoint, s, now))]);
    }

    public void StopUnlessLookedAt()
    {
        lock (_lock)
        {
            if (time.GetUtcNow() - _looked >= Patience)
            {
                Stop();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Stop();
        }
    }

    private static string Host => $"{Environment.MachineName}:{Environment.ProcessId}";

    private Measuring Begin()
    {
        lock (_lock)
        {
            _looked = time.GetUtcNow();
            _timer ??= time.CreateTimer(_ => StopUnlessLookedAt(), null, Look, Look);
            return _measuring ??= new Measuring(inventory, meters, time);
        }
    }

    private void Stop()
    {
        _timer?.Dispose();
        _measuring?.Dispose();
        (_timer, _measuring) = (null, null);
    }

    private static EndpointFigures LastMinute(Measuring measuring, FacadeEndpoint endpoint)
    {
        var (monolith, service) = (measuring.Of(endpoint, service: false), measuring.Of(endpoint, service: true));
        var fellBack = monolith?.Count(measuring.Now - 60, measuring.Now + 1).FellBack ?? 0;
        return new EndpointFigures(endpoint.Name, Side(measuring, monolith), Side(measuring, service), fellBack);
    }

    private static AnswerFigures? Side(Measuring measuring, SideRing? ring)
    {
        if (ring is null)
        {
            return null;
        }

        var (now, slice) = (measuring.Now, measuring.Now / SideRing.SliceSeconds);
        var minute = ring.Count(now - 60, now + 1);
        return Of(ring.Count(now - RateSeconds, now).Requests, Math.Clamp(now, 1, RateSeconds), minute, ring.LatenciesOf(slice - MinuteSlices, slice));
    }

    /// <param name="now">A slice that ends later counts until then.</param>
    private static FiguresPoint PointOf(Measuring measuring, FacadeEndpoint endpoint, int slice, int now)
    {
        var (from, to) = (slice * SideRing.SliceSeconds, Math.Min((slice + 1) * SideRing.SliceSeconds, now));
        return new FiguresPoint(measuring.Since.AddSeconds(to), Side(measuring.Of(endpoint, service: false)), Side(measuring.Of(endpoint, service: true)));

        AnswerFigures? Side(SideRing? ring) => ring?.Count(from, to) is { Requests: > 0 } count ? Of(count.Requests, to - from, count, ring.LatenciesOf(slice, slice)) : null;
    }

    private static AnswerFigures Of(long requests, int seconds, SideCount count, Latencies latencies) => new(
        (double)requests / seconds, count.Requests, count.Failed, count.Requests == 0 ? 0 : 100.0 * count.Failed / count.Requests,
        Milliseconds(latencies, 0.5), Milliseconds(latencies, 0.95), Milliseconds(latencies, 0.99));

    private static double Milliseconds(Latencies latencies, double share) => Math.Round(latencies.Percentile(share).TotalMilliseconds, 2);
}
