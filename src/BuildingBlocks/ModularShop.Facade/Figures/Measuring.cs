using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace ModularShop.Facade;

/// <summary>Listens to how long this host's requests take, and keeps two minutes of it, by endpoint and side.</summary>
internal sealed class Measuring : IDisposable
{
    private const string Hosting = "Microsoft.AspNetCore.Hosting";

    private readonly Dictionary<(string Route, string Method), int> _endpoints = [];
    private readonly (SideRing? Monolith, SideRing? Service)[] _rings;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _began;

    /// <param name="meters">Of this host: another one in this process has its own.</param>
    public Measuring(EndpointInventory inventory, IMeterFactory meters, TimeProvider time)
    {
        (_time, _began, Since) = (time, time.GetTimestamp(), time.GetUtcNow());
        _rings = new (SideRing?, SideRing?)[inventory.Endpoints.Count];
        foreach (var endpoint in inventory.Endpoints)
        {
            foreach (var method in endpoint.Methods)
            {
                _endpoints[(endpoint.Template, method)] = endpoint.Index;
            }
        }

        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && (instrument.Meter.Name, instrument.Name) is (Hosting, RequestMeasures.Duration) or (RequestMeasures.Within, RequestMeasures.DurationWithin))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
        _listener.Start();
    }

    public DateTimeOffset Since { get; }

    /// <summary>Seconds since <see cref="Since"/>.</summary>
    public int Now => (int)_time.GetElapsedTime(_began).TotalSeconds;

    public SideRing? Of(FacadeEndpoint endpoint, bool service) => service ? _rings[endpoint.Index].Service : _rings[endpoint.Index].Monolith;

    public void Dispose() => _listener.Dispose();

    private void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? route = null, method = null;
        var (isService, fellBack, status) = (false, false, 0);
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "http.route":
                    route = value as string;
                    break;
                case "http.request.method":
                    method = value as string;
                    break;
                case "http.response.status_code":
                    status = value as int? ?? 0;
                    break;
                case AnswerTags.AnsweredBy:
                    isService = AnswerTags.Service.Equals(value);
                    break;
                case AnswerTags.Fallback:
                    fellBack = true;
                    break;
            }
        }

        if (route is not null && method is not null && _endpoints.TryGetValue((route, method), out var index))
        {
            RingOf(index, isService).Add(Now, TimeSpan.FromSeconds(seconds), status >= StatusCodes.Status500InternalServerError, fellBack);
        }
    }

    private SideRing RingOf(int index, bool isService)
    {
        lock (_lock)
        {
            ref var rings = ref _rings[index];
            return isService ? rings.Service ??= new SideRing() : rings.Monolith ??= new SideRing();
        }
    }
}

/// <summary>The measures that figures are made of; both have the tags of the first.</summary>
public static class RequestMeasures
{
    /// <summary>ASP.NET Core's own, of what came over a connection.</summary>
    internal const string Duration = "http.server.request.duration";

    /// <summary>The meter of what this host's pages ask of its own API, without a connection.</summary>
    public const string Within = "ModularShop.Pages";

    public const string DurationWithin = "modularshop.pages.api.duration";
}
