using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>Decides for each request who answers: this process's own endpoint, or its twin that asks the other one.</summary>
/// <remarks>
/// :: Step 1: what a peer has forwarded is executed here, once this process knows as much of the owner as the peer, or refused; it
/// is never sent on. :: Step 2: what changes data goes to the owner of the data; while nobody may write, it waits, bounded.
/// :: Step 3: what reads goes where the routing says, and to the owner where the data there is not good enough.
/// A request keeps the snapshot it started with. Most reads do not get here: see <see cref="PlainReads"/>.
/// </remarks>
internal sealed class FacadeSelector(
    RoutingTable table, Ownerships ownerships, OwnershipStore store, WriteTraffic traffic, Replicas replicas, Deployable here, MovableModules movable, RecentWrites recent, CanarySelection canary,
    ShadowedEndpoints shadowed, IOptions<FacadeOptions> options) : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>How long a read of a peer that knows of another owner is kept waiting, until that one is known here.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Value.OwnerWaitSeconds);

    /// <summary>Behind those that choose by verb, host or header.</summary>
    public override int Order => 1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(e => e.Metadata.GetMetadata<LocalEndpoint>() is not null) && endpoints.Any(e => e.Metadata.GetMetadata<ProxiedEndpoint>() is not null);

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

        var pair = new Pair(httpContext, table.Current.Routes[endpoint.Index], candidates, local, proxied);
        if (here.Side is Owner.Service)
        {
            httpContext.Response.Headers[FacadeHeaders.Data] = replicas.PlaceOf(endpoint.Module).ToString();
        }

        // :: Step 1
        if (httpContext.Request.Headers.TryGetValue(FacadeHeaders.Epoch, out var epoch) && httpContext.Features.Get<IPeerConnection>() is not null)
        {
            candidates.SetValidity(proxied, false);
            var told = long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
            return endpoint.IsSafe ? TakeReadAsync(pair, told) : TakeWriteAsync(pair, told);
        }

        // :: Step 2
        if (!endpoint.IsSafe)
        {
            return traffic.IsHeld(endpoint.Module) || ownerships.Of(endpoint.Module).IsFenced ? WaitToWriteAsync(pair) : Write(pair, ownerships.Of(endpoint.Module));
        }

        // :: Step 3
        var written = WrittenOf(pair);
        return written?.Epoch > ownerships.Of(endpoint.Module).Epoch ? RefreshToReadAsync(pair) : Read(pair, written?.At);
    }

    /// <summary>A peer knows the owner of the data; so must this process, before it says that it is one.</summary>
    private async Task TakeWriteAsync(Pair pair, long epoch)
    {
        // Who sent it must hear of it before it gives up, for then it would not know what has happened.
        var patience = long.TryParse(pair.Http.Request.Headers[FacadeHeaders.Wait], NumberStyles.None, CultureInfo.InvariantCulture, out var wait) && wait < _patience.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(wait) : _patience;
        var waited = Stopwatch.StartNew();
        var ownership = await ownerships.WaitAsync(
            pair.Module, o => o.Epoch >= epoch && (!o.IsFenced || o.Owner != here.Side), patience, pair.Http.RequestAborted);
        pair.Say(here.Side, ownership.Owner);
        if (ownership.Epoch < epoch || ownership.Owner != here.Side || ownership.IsFenced)
        {
            pair.Http.Features.Set(ownership);
            pair.ReplaceLocal(RefusedWrite.Endpoint);
        }
        else
        {
            pair.Http.Features.Set(new LocalWrite(pair.Route, twin: null, patience - waited.Elapsed));
        }
    }

    /// <remarks>Where both name the same owner, the epochs may differ: that of who is not the owner stays behind.</remarks>
    private async Task TakeReadAsync(Pair pair, long epoch)
    {
        var request = pair.Http.Request.Headers;
        if (Enum.TryParse<Owner>(request[FacadeHeaders.Owner], out var owner))
        {
            await ownerships.WaitAsync(pair.Module, o => o.Epoch >= epoch || o.Owner == owner, CatchUp, pair.Http.RequestAborted);
        }

        DateTimeOffset? since = long.TryParse(request[FacadeHeaders.Written], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        TimeSpan? longest = long.TryParse(request[FacadeHeaders.MaxLag], NumberStyles.None, CultureInfo.InvariantCulture, out var lag) && lag <= int.MaxValue ? TimeSpan.FromMilliseconds(lag) : null;
        pair.Say(here.Side, ownerships.Of(pair.Module).Owner);
        ReadHere(pair, since, longest);
    }

    private async Task WaitToWriteAsync(Pair pair)
    {
        var waited = Stopwatch.StartNew();
        await traffic.ReleasedAsync(pair.Module, _patience, pair.Http.RequestAborted);
        var left = _patience > waited.Elapsed ? _patience - waited.Elapsed : TimeSpan.Zero;
        var ownership = await ownerships.WaitAsync(pair.Module, o => !o.IsFenced, left, pair.Http.RequestAborted);
        if (ownership.IsFenced)
        {
            pair.Say(ownership.Owner, ownership.Owner);
            pair.Candidates.SetValidity(pair.Proxied, false);
            pair.ReplaceLocal(new Endpoint(http => new Failure(WritesAtTheOwner.Moving(pair.Module)).ExecuteAsync(http), pair.Candidates[pair.Local].Endpoint.Metadata, "Moving"));
            return;
        }

        await Write(pair, ownership);
    }

    private Task Write(Pair pair, Ownership ownership)
    {
        if (movable.Has(pair.Module))
        {
            if (here.Side is Owner.Monolith && !pair.Route.Endpoint.HasLeft)
            {
                // Who answers a peer knows no clients.
                recent.Watch(pair.Http, pair.Module);
            }

            if (ownership.Owner == here.Side)
            {
                pair.Http.Features.Set(new LocalWrite(pair.Route, pair.Candidates[pair.Proxied].Endpoint, _patience));
            }
        }

        Choose(pair, ownership.Owner, ownership, since: null);
        return Task.CompletedTask;
    }

    /// <summary>The client has been answered by an owner that is not known here yet.</summary>
    private async Task RefreshToReadAsync(Pair pair)
    {
        await store.RefreshAsync(pair.Module, pair.Http.RequestAborted);
        await Read(pair, WrittenOf(pair)?.At);
    }

    /// <summary>What the client has written lately, where the answer may depend on it; who asks is looked at for nothing else.</summary>
    private Written? WrittenOf(Pair pair)
    {
        if (here.Side is Owner.Service || !movable.Has(pair.Module))
        {
            return null;
        }

        var hasAll = pair.Route.Definition.Mode is (Mode.Monolith or Mode.Shadow) && replicas.PlaceOf(pair.Module) is (DataPlace.Owner or DataPlace.Attached);
        return hasAll ? recent.Told(pair.Http, pair.Module) : recent.MayKnow(pair.Http, pair.Module) ? recent.Of(pair.Http, pair.Module) : null;
    }

    private Task Read(Pair pair, DateTimeOffset? since)
    {
        var ownership = ownerships.Of(pair.Module);
        var side = pair.Route.Definition.Mode switch
        {
            Mode.Service => Owner.Service,
            Mode.Canary => canary.Choose(pair.Http, pair.Route),
            _ => Owner.Monolith,
        };
        if (side == here.Side && side is Owner.Monolith && !replicas.MayAnswer(pair.Module, since))
        {
            side = Owner.Service;
        }

        Choose(pair, side, ownership, since);
        if (side == here.Side)
        {
            ReadHere(pair, since);
        }

        return Task.CompletedTask;
    }

    private void Choose(Pair pair, Owner side, Ownership ownership, DateTimeOffset? since)
    {
        pair.Say(side, ownership.Owner);
        if (side != here.Side)
        {
            pair.Http.Features.Set(new ProxiedCall(pair.Route, ownership, pair.Route.AnsweredBy(side, ownership.Owner)) { Since = since });
        }

        pair.Candidates.SetValidity(side == here.Side ? pair.Proxied : pair.Local, false);
        if (pair.Route.Shadow is not null && side == here.Side)
        {
            pair.ReplaceLocal(shadowed.Of(pair.Http, pair.Route));
        }
        else
        {
            pair.Route.Rollout?.Figures.Watch(pair.Http, side);
        }
    }

    private void ReadHere(Pair pair, DateTimeOffset? since, TimeSpan? longest = null)
    {
        if (replicas.PlaceOf(pair.Module) is DataPlace.Replica && replicas.LagOf(pair.Module) is { } lag)
        {
            pair.Http.Response.Headers[FacadeHeaders.DataLag] = ((long)lag.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        if (!replicas.MayAnswer(pair.Module, since, longest))
        {
            pair.Http.Features.Set(new StaleData(pair.Module, replicas.MayAnswer(pair.Module, longest: longest) ? StaleData.BeforeWrite : StaleData.Behind));
            pair.ReplaceLocal(RefusedRead.Endpoint);
        }
    }

    /// <summary>A request, and the two that could answer it.</summary>
    private readonly record struct Pair(HttpContext Http, Route Route, CandidateSet Candidates, int Local, int Proxied)
    {
        public string Module => Route.Endpoint.Module;

        public void Say(Owner side, Owner owner) => Http.Response.Headers[FacadeHeaders.AnsweredBy] = Route.AnsweredBy(side, owner);

        public void ReplaceLocal(Endpoint endpoint) => Candidates.ReplaceEndpoint(Local, endpoint, Candidates[Local].Values);
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

    /// <summary>Of a read: what the client has written by then must be in the answer.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Why the other process's data is not good enough for the read; null unless it said so.</summary>
    public string? Stale { get; set; }
}
