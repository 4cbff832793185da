using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ModularShop.Facade;

/// <summary>
/// The monolith's endpoints, each with a second one that does the same and keeps the answer, for requests in the mode
/// Shadow. The client gets its bytes when it would have; what is done with the copy is done behind it.
/// </summary>
internal sealed class ShadowedEndpoints(EndpointInventory inventory, ShadowQueue queue, FacadeMetrics metrics, IOptions<FacadeOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<FacadeEndpoint, RouteEndpoint> _endpoints = new();
    private readonly int _longest = options.Value.Shadow.LongestBody;

    /// <summary>The endpoint that answers a request of this route; the request keeps the route.</summary>
    public Endpoint Of(HttpContext http, Route route)
    {
        http.Features.Set(route);
        return _endpoints.GetOrAdd(route.Endpoint, endpoint =>
        {
            var local = inventory.Local[endpoint];
            return new RouteEndpoint(http => AnswerAsync(http, local.RequestDelegate!), local.RoutePattern, local.Order, Fresh(local.Metadata), local.DisplayName);
        });
    }

    /// <summary>An answer that was kept may be older than the service's, and is none of the endpoint.</summary>
    private static EndpointMetadataCollection Fresh(EndpointMetadataCollection metadata) => new(metadata.Where(m => m is not IOutputCachePolicy));

    private async Task AnswerAsync(HttpContext http, RequestDelegate local)
    {
        var kept = new KeptAnswer(http, new ResponseTee(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), _longest));
        http.Features.Set<IHttpResponseBodyFeature>(kept.Tee);
        http.Response.OnCompleted(kept =>
        {
            Take((KeptAnswer)kept);
            return Task.CompletedTask;
        }, kept);
        try
        {
            await local(http);
            kept.Written = kept.Tee.Kept?.Length;
        }
        catch
        {
            // What the client gets is written by those who catch it.
            kept.Tee.Restart();
            throw;
        }
    }

    private void Take(KeptAnswer kept)
    {
        var (http, route) = (kept.Http, kept.Http.Features.GetRequiredFeature<Route>());
        if (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away, and the answer may be cut off.
            return;
        }

        var watch = route.Shadow!;
        ShadowOutcome? lost = kept.Tee.Kept is not { } body ? ShadowOutcome.TooLarge : queue.TryAdd(CallOf(kept, route, watch, body)) ? null : ShadowOutcome.Dropped;
        if (lost is { } outcome)
        {
            watch.Figures.Count(outcome);
            metrics.Shadowed(route.Endpoint, outcome);
        }
    }

    private ShadowedCall CallOf(KeptAnswer kept, Route route, ShadowWatch watch, ReadOnlyMemory<byte> body)
    {
        var (request, response) = (kept.Http.Request, kept.Http.Response);
        var activity = kept.Http.Features.Get<IHttpActivityFeature>()?.Activity ?? Activity.Current;
        var answer = new Answer(response.StatusCode, Answer.HeadersOf(watch.Rules.Headers, name => response.Headers[name]), body);
        return new ShadowedCall(
            route, watch, time.GetUtcNow(), request.Method, request.Scheme, request.Host, request.Path, request.QueryString, request.GetEncodedPathAndQuery(),
            [.. request.Headers], new RouteValueDictionary(request.RouteValues), kept.Http.User, kept.Http.Connection.RemoteIpAddress,
            activity is { IdFormat: ActivityIdFormat.W3C } ? activity.Id : null, activity?.TraceId.ToString(), answer, kept.Written == body.Length);
    }

    private sealed class KeptAnswer(HttpContext http, ResponseTee tee)
    {
        public HttpContext Http => http;

        public ResponseTee Tee => tee;

        /// <summary>Bytes by the endpoint itself; null where it has failed.</summary>
        public int? Written { get; set; }
    }
}
