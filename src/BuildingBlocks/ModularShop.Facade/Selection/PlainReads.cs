using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>
/// Decides of most reads on their way through the tables of addresses who answers, as <see cref="FacadeSelector"/> would: behind
/// that there is one endpoint, and nothing to select.
/// </summary>
/// <remarks>
/// That is of those reads of the monolith's clients whose side depends on the routing alone, and for which the data there is good
/// enough whoever asks. Whatever else there is to know is the selector's matter: it gets both endpoints.
/// </remarks>
internal sealed class PlainReads(RoutingTable table, Ownerships ownerships, Replicas replicas, RecentWrites recent, Deployable here) : MatcherPolicy, INodeBuilderPolicy
{
    /// <summary>Behind those that choose by verb, host or header.</summary>
    public override int Order => 1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => here.Side is Owner.Monolith && ReadOf(endpoints) is not null;

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints)
    {
        var endpoint = ReadOf(endpoints)!;
        return
        [
            new PolicyNodeEdge(new Way(endpoint, Owner.Monolith), [.. endpoints.Where(e => e.Metadata.GetMetadata<LocalEndpoint>() is not null)]),
            new PolicyNodeEdge(new Way(endpoint, Owner.Service), [.. endpoints.Where(e => e.Metadata.GetMetadata<ProxiedEndpoint>() is not null)]),
            new PolicyNodeEdge(new Way(endpoint, Side: null), endpoints),
        ];
    }

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) => new Fork(
        this, ((Way)edges[0].State).Endpoint, DestinationOf(edges, Owner.Monolith), DestinationOf(edges, Owner.Service), DestinationOf(edges, side: null));

    private static int DestinationOf(IReadOnlyList<PolicyJumpTableEdge> edges, Owner? side) => edges.Single(e => ((Way)e.State).Side == side).Destination;

    /// <summary>
    /// The endpoint, where these are one that reads and its twin, and any address that leads to them is theirs; else null. One
    /// whose parameters are looked at afterwards may turn out not to be, and then nothing may have been said of who answers.
    /// </summary>
    private static FacadeEndpoint? ReadOf(IReadOnlyList<Endpoint> endpoints)
    {
        if (endpoints is not [RouteEndpoint one, RouteEndpoint other] || !IsTheirs(one) || !IsTheirs(other))
        {
            return null;
        }

        var local = one.Metadata.GetMetadata<LocalEndpoint>() ?? other.Metadata.GetMetadata<LocalEndpoint>();
        var proxied = one.Metadata.GetMetadata<ProxiedEndpoint>() ?? other.Metadata.GetMetadata<ProxiedEndpoint>();
        return local is { Endpoint: { IsSafe: true } endpoint } && endpoint == proxied?.Endpoint ? endpoint : null;

        static bool IsTheirs(RouteEndpoint endpoint) => endpoint.RoutePattern is { ParameterPolicies.Count: 0 } pattern && pattern.PathSegments.All(s => s.IsSimple);
    }

    /// <summary>The side that answers the request, which has been told so; null where the selector has to look.</summary>
    private Owner? Take(HttpContext http, FacadeEndpoint endpoint)
    {
        var route = table.Current.Routes[endpoint.Index];
        if (route.PlainSide is not { } side || http.Request.Headers.ContainsKey(FacadeHeaders.Epoch))
        {
            return null;
        }

        // Whatever was written through this host is in data that is written here: whose it was need not be known.
        var hasAll = side is Owner.Monolith && replicas.PlaceOf(endpoint.Module) is (DataPlace.Owner or DataPlace.Attached);
        if (hasAll ? RecentWrites.IsTold(http) : side is Owner.Monolith || recent.MayKnow(http, endpoint.Module))
        {
            return null;
        }

        var ownership = ownerships.Of(endpoint.Module);
        var answeredBy = route.AnsweredBy(side, ownership.Owner);
        if (side is Owner.Service)
        {
            http.Features.Set(new ProxiedCall(route, ownership, answeredBy));
        }

        http.Response.Headers[FacadeHeaders.AnsweredBy] = answeredBy;
        return side;
    }

    /// <param name="Side">Null for either.</param>
    private sealed record Way(FacadeEndpoint Endpoint, Owner? Side);

    private sealed class Fork(PlainReads reads, FacadeEndpoint endpoint, int here, int there, int either) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) => reads.Take(httpContext, endpoint) switch
        {
            Owner.Monolith => here,
            Owner.Service => there,
            _ => either,
        };
    }
}
