using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace ModularShop.Facade;

/// <remarks>What operators read of it in the log.</remarks>
internal sealed partial class ProxyStep
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(FacadeEndpoint Endpoint, Event Event), long> _told = new();

    private enum Event
    {
        FellBack,
        Refused,
        BrokenOff,
    }

    /// <summary>The client has got a part of the answer; its connection is broken, so that it cannot take it for the whole.</summary>
    private void TellBroken(HttpContext http, FacadeEndpoint endpoint, string? failure)
    {
        if (failure is not null && http.Response.HasStarted && IsTimeToTell(endpoint, Event.BrokenOff))
        {
            FacadeLog.BrokenOff(logger, endpoint.Name, failure);
        }
    }

    private void TellFellBack(FacadeEndpoint endpoint, string failure)
    {
        if (IsTimeToTell(endpoint, Event.FellBack))
        {
            FacadeLog.FellBack(logger, endpoint.Name, failure);
        }
    }

    /// <summary>Neither side could answer a read, or was allowed to.</summary>
    private void TellRefused(FacadeEndpoint endpoint, string? failure)
    {
        if (IsTimeToTell(endpoint, Event.Refused))
        {
            var known = ownerships.Of(endpoint.Module);
            FacadeLog.Refused(logger, endpoint.Name, failure, replicas.PlaceOf(endpoint.Module), replicas.LagOf(endpoint.Module), known.Owner, known.Epoch);
        }
    }

    /// <summary>Once in a while for each endpoint: every request would bury all else.</summary>
    private bool IsTimeToTell(FacadeEndpoint endpoint, Event what)
    {
        var now = time.GetTimestamp();
        var last = _told.GetOrAdd((endpoint, what), long.MinValue);
        return (last == long.MinValue || time.GetElapsedTime(last, now) >= TellEvery) && _told.TryUpdate((endpoint, what), now, last);
    }
}
