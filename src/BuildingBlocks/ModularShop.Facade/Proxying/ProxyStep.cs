using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ModularShop.Facade;

/// <summary>Sends a request to the other process and sees to it that the client gets an answer.</summary>
/// <remarks>
/// A read that the other process cannot answer is answered here, where the monolith may and the budget lasts. A write
/// is sent by the ownership known here. Where the receiver knows better and has refused it, it has committed nothing:
/// :: Step 1 waits, bounded, until this process knows too, :: Step 2 sends it, or executes it here.
/// </remarks>
internal sealed class ProxyStep(
    RequestDelegate next, EndpointInventory inventory, Ownerships ownerships, Deployable here, FallbackBudget budget, CircuitBreakers breakers,
    ProxyClusters clusters, IOptions<FacadeOptions> options, FacadeMetrics metrics, ILogger<ProxyStep> logger)
{
    private const int LongestReplay = 1024 * 1024;
    private const int RetrySeconds = 1;

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Value.OwnerWaitSeconds);

    public Task InvokeAsync(HttpContext http)
    {
        var call = http.Features.GetRequiredFeature<ProxiedCall>();
        http.Features.Set<IReverseProxyFeature>(clusters.WithTimeout(call.Route, http.GetReverseProxyFeature()));
        return call.Route.Endpoint.IsSafe ? ReadAsync(http, call) : WriteAsync(http, call);
    }

    private async Task ReadAsync(HttpContext http, ProxiedCall call)
    {
        var route = call.Route;
        var headers = http.Response.Headers.ToArray();
        var failure = await breakers.TryAsync(route.Endpoint, () => SendAsync(http, call));
        if (failure is null || http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (here.Side is not Owner.Monolith || !route.Definition.Fallback || !budget.TryTake())
        {
            Refuse(http, headers, RetrySeconds);
            return;
        }

        metrics.FellBack(route.Endpoint, failure);
        FacadeLog.FellBack(logger, route.Endpoint.Name, failure);
        Restore(http, headers);
        http.Response.Headers[FacadeHeaders.Fallback] = failure;
        await AnswerHereAsync(http, route);
    }

    private async Task WriteAsync(HttpContext http, ProxiedCall call)
    {
        http.Request.EnableBuffering(bufferThreshold: 64 * 1024, bufferLimit: LongestReplay);
        var headers = http.Response.Headers.ToArray();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        patience.CancelAfter(_patience);
        while (true)
        {
            var failure = await SendAsync(http, call);
            if (failure is null || http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            if (call.NotOwnerSince is null || !await LearnOwnerAsync(call, patience.Token))
            {
                Refuse(http, headers, RetrySeconds);
                return;
            }

            Restore(http, headers);
            http.Request.Body.Position = 0;
            var ownership = ownerships.Of(call.Route.Endpoint.Module);
            if (ownership.Owner == here.Side)
            {
                await AnswerHereAsync(http, call.Route);
                return;
            }

            call = new ProxiedCall(call.Route, ownership, call.Route.AnsweredBy(ownership.Owner, ownership.Owner));
            http.Features.Set(call);
        }
    }

    /// <summary>Null when the client has its answer, else why it has none.</summary>
    private async Task<string?> SendAsync(HttpContext http, ProxiedCall call)
    {
        http.Features.Set<IForwarderErrorFeature>(null);
        var proxy = http.GetReverseProxyFeature();
        proxy.AvailableDestinations = ProxyClusters.Available(proxy);
        await next(http);
        return call.NotOwnerSince is not null ? "not-owner"
            : call.Unavailable ? "unavailable"
            : http.GetForwarderErrorFeature() is { } error ? Name(error.Error)
            : null;
    }

    private async Task<bool> LearnOwnerAsync(ProxiedCall call, CancellationToken patience)
    {
        try
        {
            // :: Step 1
            await ownerships.WaitAsync(call.Route.Endpoint.Module, o => o.Epoch >= call.NotOwnerSince, _patience, patience);
            // :: Step 2 is the caller's.
            return !patience.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task AnswerHereAsync(HttpContext http, Route route)
    {
        var local = inventory.Local[route.Endpoint];
        http.Response.Headers[FacadeHeaders.AnsweredBy] = route.AnsweredBy(here.Side, ownerships.Of(route.Endpoint.Module).Owner);
        http.SetEndpoint(local);
        await local.RequestDelegate!(http);
    }

    private static void Restore(HttpContext http, KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>[] headers)
    {
        http.Response.Headers.Clear();
        foreach (var (name, value) in headers)
        {
            http.Response.Headers[name] = value;
        }

        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Features.Set<IForwarderErrorFeature>(null);
    }

    private static void Refuse(HttpContext http, KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>[] headers, int retrySeconds)
    {
        Restore(http, headers);
        // The body is the status code page's.
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = retrySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Name(ForwarderError error) => error switch
    {
        ForwarderError.NoAvailableDestinations => "no-destination",
        ForwarderError.RequestTimedOut => "timeout",
        _ => "unreachable",
    };
}
