using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>Decides for each request who answers: this process's own endpoint, or its twin that asks the other one.</summary>
/// <remarks>
/// :: Step 1: what a peer has forwarded is executed here, once this process knows itself to be the owner, or refused; it
/// is never sent on. :: Step 2: what changes data goes to the owner of the data. :: Step 3: what reads goes where the
/// routing says.
/// A request keeps the snapshot it started with.
/// </remarks>
internal sealed class FacadeSelector(
    RoutingTable table, Ownerships ownerships, Deployable here, CanarySelection canary, ShadowedEndpoints shadowed, IOptions<FacadeOptions> options) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Value.OwnerWaitSeconds);

    /// <summary>Behind those that choose by verb, host or header.</summary>
    public override int Order => 1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(e => e.Metadata.GetMetadata<LocalEndpoint>() is not null || e.Metadata.GetMetadata<ProxiedEndpoint>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var (local, proxied) = (-1, -1);
        FacadeEndpoint? endpoint = null;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i))
            {
                continue;
            }

            var metadata = candidates[i].Endpoint.Metadata;
            if (metadata.GetMetadata<LocalEndpoint>() is { } here)
            {
                (local, endpoint) = (i, here.Endpoint);
            }
            else if (metadata.GetMetadata<ProxiedEndpoint>() is not null)
            {
                proxied = i;
            }
        }

        if (endpoint is null || proxied < 0)
        {
            return Task.CompletedTask;
        }

        var route = table.Current.Routes[endpoint.Index];

        // :: Step 1
        if (httpContext.Request.Headers.TryGetValue(FacadeHeaders.Epoch, out var epoch) && httpContext.Features.Get<IPeerConnection>() is not null)
        {
            candidates.SetValidity(proxied, false);
            return TakeForwardedAsync(httpContext, route, epoch, candidates, local);
        }

        var side = Choose(httpContext, route);
        candidates.SetValidity(side == here.Side ? proxied : local, false);
        if (route.Shadow is not null)
        {
            candidates.ReplaceEndpoint(local, shadowed.Of(httpContext, route), candidates[local].Values);
        }
        else
        {
            route.Rollout?.Figures.Watch(httpContext, side);
        }

        return Task.CompletedTask;
    }

    private async Task TakeForwardedAsync(HttpContext http, Route route, StringValues epoch, CandidateSet candidates, int local)
    {
        var sender = long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
        var ownership = await ownerships.WaitAsync(route.Endpoint.Module, o => o.Epoch >= sender, _patience, http.RequestAborted);
        http.Response.Headers[FacadeHeaders.AnsweredBy] = route.AnsweredBy(here.Side, ownership.Owner);
        if (ownership.Epoch < sender || ownership.Owner != here.Side)
        {
            http.Features.Set(ownership);
            candidates.ReplaceEndpoint(local, RefusedWrite.Endpoint, candidates[local].Values);
        }
    }

    private Owner Choose(HttpContext http, Route route)
    {
        var endpoint = route.Endpoint;
        var ownership = ownerships.Of(endpoint.Module);
        var headers = http.Response.Headers;

        // :: Step 2
        var side = !endpoint.IsSafe ? ownership.Owner
            // :: Step 3
            : route.Definition.Mode switch
            {
                Mode.Service => Owner.Service,
                Mode.Canary => canary.Choose(http, route),
                _ => Owner.Monolith,
            };
        headers[FacadeHeaders.AnsweredBy] = route.AnsweredBy(side, ownership.Owner);
        if (side != here.Side)
        {
            http.Features.Set(new ProxiedCall(route, ownership, route.AnsweredBy(side, ownership.Owner)));
        }

        return side;
    }
}

/// <summary>A request that another process answers.</summary>
/// <param name="Ownership">As it was when the request was sent on its way.</param>
internal sealed record ProxiedCall(Route Route, Ownership Ownership, string AnsweredBy)
{
    /// <summary>The epoch by which the other process knows that it is not the owner; null unless it said so.</summary>
    public long? NotOwnerSince { get; set; }

    /// <summary>Set when the other process answered a read with that it cannot answer it now.</summary>
    public bool Unavailable { get; set; }
}

internal static class FacadeHeaders
{
    /// <summary>Who answered, by which revision of the routing, and who owns the data.</summary>
    public const string AnsweredBy = "X-Answered-By";

    /// <summary>On an answer that the monolith gave in place of a service: why.</summary>
    public const string Fallback = "X-Fallback";

    /// <summary>Between peers: the epoch of the ownership by which a write was forwarded.</summary>
    public const string Epoch = PeerHeaders.Epoch;

    /// <summary>Between peers, on a 503: the epoch of the ownership by which the write was refused.</summary>
    public const string NotOwner = "X-Shop-Not-Owner";

    /// <summary>Between peers: the request is a copy, and its answer is compared and thrown away.</summary>
    public const string Shadow = "X-Shop-Shadow";

    /// <summary>For testers: the side of an endpoint in the mode Canary.</summary>
    public const string Canary = "X-Canary";

    /// <summary>What starts with it is spoken between peers alone.</summary>
    public const string PeerPrefix = PeerHeaders.Prefix;
}
