using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Pipeline;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ModularShop.Facade;

/// <summary>Sends a request to the other process and sees to it that the client gets an answer.</summary>
/// <remarks>
/// A read that the other process cannot answer is answered here, where the monolith may and the budget lasts; one for which its
/// data is not good enough is answered here as a matter of course, or sent once more where the other process has become the
/// owner meanwhile. A write is sent by the ownership known here. Where the receiver knows better and has refused it, it has
/// committed nothing: :: Step 1 waits, bounded, until this process knows too, :: Step 2 sends it, or executes it here. (A
/// receiver whose data was fenced and is not any more has an epoch that this process never hears of: it is asked again, in a
/// while.)
/// </remarks>
internal sealed partial class ProxyStep(
    RequestDelegate next, EndpointInventory inventory, Ownerships ownerships, WriteTraffic traffic, Replicas replicas, Deployable here, FallbackBudget budget, CircuitBreakers<FacadeEndpoint> breakers,
    ProxyClusters clusters, IOptions<FacadeOptions> options, FacadeMetrics metrics, TimeProvider time, ILogger<ProxyStep> logger)
{
    /// <summary>The other process may have done what it was asked to.</summary>
    private const string Unknown = "broken";

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a read waits for an owner.</summary>
    private static readonly TimeSpan Hearing = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Value.OwnerWaitSeconds);

    public Task InvokeAsync(HttpContext http)
    {
        var call = http.Features.GetRequiredFeature<ProxiedCall>();
        // Nobody here changes the protocol of a connection, and who asks a service to is answered as here.
        http.Features.Set<IHttpUpgradeFeature>(null);
        http.Features.Set<IHttpExtendedConnectFeature>(null);
        var proxy = http.GetReverseProxyFeature();
        if (clusters.WithTimeout(call.Route, proxy) is var timed && timed != proxy)
        {
            http.Features.Set(timed);
        }

        var answering = call.Route.Endpoint.IsSafe ? ReadAsync(http, call) : WriteAsync(http, call);
        // It is there while somebody measures.
        return http.Features.Get<IHttpMetricsTagsFeature>() is { } measured ? AnswerTags.AddAsync(answering, http, measured.Tags) : answering;
    }

    private async Task ReadAsync(HttpContext http, ProxiedCall call)
    {
        var route = call.Route;
        var headers = http.Response.Headers.ToArray();
        var mayFallBack = here.Side is Owner.Monolith && route.Definition.Fallback;
        var held = mayFallBack ? new HeldAnswer(http) : null;
        var failure = (string?)CircuitBreakers<FacadeEndpoint>.Open;
        var breaker = breakers.Of(route.Endpoint);
        if (breaker.TryEnter())
        {
            failure = null;
            try
            {
                await next(http);
                failure = FailureOf(http, call);
            }
            catch
            {
                // Whoever answers now answers the client.
                held?.Discard();
                throw;
            }
            finally
            {
                breaker.Leave(failure is not null);
            }
        }

        if (failure is null && call.Stale is null)
        {
            await (held?.SendAsync() ?? Task.CompletedTask);
            return;
        }

        held?.Discard();
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            TellBroken(http, route.Endpoint, failure);
            return;
        }

        if (call.Stale is not null)
        {
            await HearAsync(call, http.RequestAborted);
            // It refused as the one that followed, and has become the owner since.
            if (IsOwnedThereSince(call) && !replicas.MayAnswer(route.Endpoint.Module, call.Since))
            {
                Restore(http, headers);
                await ReadAsync(http, Renew(http, call));
                return;
            }
        }

        // Who has no answer of now at either side gets none.
        if (!replicas.MayAnswer(route.Endpoint.Module, call.Since) || (call.Stale is null && (!mayFallBack || !budget.TryTake())))
        {
            TellRefused(route.Endpoint, failure ?? call.Stale);
            await RefuseAsync(http, headers, call.Stale is null ? Unavailable(route) : NotUpToDate(route));
            return;
        }

        Restore(http, headers);
        // That this client has to read at the owner for a moment is nobody's failure.
        if (call.Stale is not StaleData.BeforeWrite && (failure ?? call.Stale) is { } reason)
        {
            metrics.FellBack(route.Endpoint, reason);
            TellFellBack(route.Endpoint, reason);
            http.Response.Headers[FacadeHeaders.Fallback] = reason;
        }

        await AnswerHereAsync(http, route);
    }

    private async Task WriteAsync(HttpContext http, ProxiedCall call)
    {
        if (Replay.IsTooLong(http.Request))
        {
            await new Failure(RequestError.TooLarge.Because("The request is larger than this endpoint takes.")).ExecuteAsync(http);
            return;
        }

        using var passage = traffic.Enter(call.Route.Endpoint.Module);
        var canReplay = await Replay.TryKeepWholeBodyAsync(http.Request);
        var headers = http.Response.Headers.ToArray();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        patience.CancelAfter(_patience);
        while (true)
        {
            await next(http);
            var failure = FailureOf(http, call);
            if (failure is null || http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
            {
                TellBroken(http, call.Route.Endpoint, failure);
                return;
            }

            if (FaultOfTheClient(http.GetForwarderErrorFeature(), isBodyKept: canReplay) is { } fault)
            {
                Restore(http, headers);
                throw fault;
            }

            if (call.NotOwnerSince is null || !canReplay || !await LearnOwnerAsync(call, patience.Token))
            {
                await RefuseAsync(http, headers, call.NotOwnerSince is not null ? WritesAtTheOwner.Moving(call.Route.Endpoint.Module)
                    : failure is Unknown or "timeout" ? OutcomeUnknown(call.Route)
                    : Unavailable(call.Route));
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

            call = Renew(http, call);
        }
    }

    /// <summary>To be sent once more, by the ownership as it is known now.</summary>
    private ProxiedCall Renew(HttpContext http, ProxiedCall before)
    {
        var ownership = ownerships.Of(before.Route.Endpoint.Module);
        var call = new ProxiedCall(before.Route, ownership, before.Route.AnsweredBy(ownership.Owner, ownership.Owner)) { Since = before.Since };
        http.Features.Set(call);
        var proxy = http.GetReverseProxyFeature();
        proxy.AvailableDestinations = ProxyClusters.Available(proxy);
        return call;
    }

    /// <summary>By a decision that was not known when the call was sent.</summary>
    private bool IsOwnedThereSince(ProxiedCall call) =>
        ownerships.Of(call.Route.Endpoint.Module) is var now && now != call.Ownership && now.Owner != here.Side;

    /// <summary>Null when the client has its answer, else why it has none.</summary>
    private static string? FailureOf(HttpContext http, ProxiedCall call)
    {
        var error = http.GetForwarderErrorFeature();
        // The client's connection has been broken for the first, so that it looks as if the client had gone.
        return error?.Error is ForwarderError.ResponseBodyDestination ? Unknown
            // A client that has gone is no trouble of the service's.
            : http.RequestAborted.IsCancellationRequested ? null
            : call.NotOwnerSince is not null ? "not-owner"
            : call.Unavailable ? "unavailable"
            : error is not null ? Name(error)
            : null;
    }

    /// <summary>
    /// In the middle of a switch data is nobody's for who has not heard of the new owner, though it is all there. One looks for
    /// all who wait: many reads ask the database no more often than one.
    /// </summary>
    private Task HearAsync(ProxiedCall call, CancellationToken cancellationToken) => ownerships.WaitAsync(
        call.Route.Endpoint.Module, _ => replicas.MayAnswer(call.Route.Endpoint.Module, call.Since) || IsOwnedThereSince(call), Hearing, cancellationToken);

    private async Task<bool> LearnOwnerAsync(ProxiedCall call, CancellationToken patience)
    {
        try
        {
            // :: Step 1. What it was sent by is no news: who refuses that at once would be asked again at once.
            await ownerships.WaitAsync(call.Route.Endpoint.Module, o => o.Epoch >= call.NotOwnerSince && !o.IsFenced && o != call.Ownership, AskAgain, patience);
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
        if (!route.Endpoint.IsSafe && http.Features.Get<LocalWrite>() is null)
        {
            http.Features.Set(new LocalWrite(route, http.GetEndpoint(), _patience));
        }
        else if (route.Endpoint.IsSafe && replicas.PlaceOf(route.Endpoint.Module) is DataPlace.Replica && replicas.LagOf(route.Endpoint.Module) is { } lag)
        {
            http.Response.Headers[FacadeHeaders.DataLag] = ((long)lag.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        http.SetEndpoint(local);
        await local.RequestDelegate!(http);
    }

    /// <summary>The client's own body could not be read to its end: it is too long, or none at all.</summary>
    /// <param name="isBodyKept">It has been: reading it again while it is sent fails when the sending does.</param>
    private static BadHttpRequestException? FaultOfTheClient(IForwarderErrorFeature? error, bool isBodyKept)
    {
        for (var cause = error?.Exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is BadHttpRequestException bad)
            {
                return new BadHttpRequestException(bad.Message, bad.StatusCode);
            }
        }

        return !isBodyKept && error?.Error is ForwarderError.RequestBodyClient ? new BadHttpRequestException("The request's body cannot be read.") : null;
    }

    private static void Restore(HttpContext http, KeyValuePair<string, StringValues>[] headers)
    {
        Replay.Restore(http, headers);
        http.Features.Set<IForwarderErrorFeature>(null);
    }

    private static Task RefuseAsync(HttpContext http, KeyValuePair<string, StringValues>[] headers, Error error)
    {
        Restore(http, headers);
        return new Failure(error).ExecuteAsync(http);
    }

    private static Error Unavailable(Route route) => FacadeError.Unavailable.Because(
        $"The service of {route.Endpoint.Module} does not answer at the moment. Nothing was changed; try again.");

    private static Error NotUpToDate(Route route) => FacadeError.Unavailable.Because(
        $"Neither the service nor the host has up-to-date data of {route.Endpoint.Module} at the moment. Nothing was changed; try again.");

    private static Error OutcomeUnknown(Route route) => FacadeError.OutcomeUnknown.Because(
        $"The service of {route.Endpoint.Module} was asked and did not answer. Whether it did what it was asked is not known: look, or send the request again with its idempotency key.");

    private static string Name(IForwarderErrorFeature error) => error switch
    {
        { Error: ForwarderError.NoAvailableDestinations } => "no-destination",
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } } => "unreachable",
        { Error: ForwarderError.RequestTimedOut } => "timeout",
        _ => Unknown,
    };
}
