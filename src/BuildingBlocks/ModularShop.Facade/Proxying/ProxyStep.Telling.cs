using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace ModularShop.Facade;

/// <remarks>What operators read of it in the log.</remarks>
internal sealed partial class ProxyStep
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(FacadeEndpoint Endpoint, bool IsBroken), long> _told = new();

    /// <summary>The client has got a part of the answer; its connection is broken, so that it cannot take it for the whole.</summary>
    private void TellBroken(HttpContext http, FacadeEndpoint endpoint, string? failure)
    {
        if (failure is not null && http.Response.HasStarted && IsTimeToTell(endpoint, isBroken: true))
        {
            FacadeLog.BrokenOff(logger, endpoint.Name, failure);
        }
    }

    /// <summary>Once in a while for each endpoint: every request would bury all else.</summary>
    private void Tell(FacadeEndpoint endpoint, string failure)
    {
        if (IsTimeToTell(endpoint, isBroken: false))
        {
            FacadeLog.FellBack(logger, endpoint.Name, failure);
        }
    }

    private bool IsTimeToTell(FacadeEndpoint endpoint, bool isBroken)
    {
        var now = time.GetTimestamp();
        var last = _told.GetOrAdd((endpoint, isBroken), long.MinValue);
        return (last == long.MinValue || time.GetElapsedTime(last, now) >= TellEvery) && _told.TryUpdate((endpoint, isBroken), now, last);
    }
}
