using System.Globalization;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;

namespace ModularShop.Modularity.Peers;

/// <summary>The deadline that a peer's request came with.</summary>
internal static class CallersDeadline
{
    /// <summary>What is left of it; null where the request has none.</summary>
    public static TimeSpan? Of(HttpRequest request) =>
        int.TryParse(request.Headers[PeerHeaders.TimeLeft], NumberStyles.None, CultureInfo.InvariantCulture, out var left) ? TimeSpan.FromMilliseconds(left) : null;

    /// <summary>Cancels the request when it passes: nobody waits any more.</summary>
    public static async Task KeepAsync(HttpContext http, TimeSpan left, RequestDelegate next)
    {
        var aborted = http.RequestAborted;
        var limit = CancellationToken.None;
        try
        {
            await Deadline.WithinAsync(
                left,
                async token =>
                {
                    http.RequestAborted = limit = token;
                    await next(http);
                    return true;
                },
                aborted);
        }
        catch (Exception e) when (e.IsCancelled(limit) && !aborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            http.RequestAborted = aborted;
            await new Failure(ModuleError.TooLate.Because("The time that the request came with is over.")).ExecuteAsync(http);
        }
        finally
        {
            http.RequestAborted = aborted;
        }
    }
}
