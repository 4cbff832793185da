using System.Collections.Frozen;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>Who answers what, all of it, at one revision; never changed, only exchanged.</summary>
internal sealed class RoutingSnapshot
{
    public RoutingSnapshot(RoutingRevision revision, RoutingDefinition definition, EndpointInventory inventory)
    {
        Revision = revision;
        Services = definition.Services.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        Routes = [.. inventory.Endpoints.Select(e => new Route(e, definition.Endpoints.GetValueOrDefault(e.Name, RouteDefinition.AtMonolith), revision.Number))];
    }

    public RoutingRevision Revision { get; }

    public FrozenDictionary<string, ServiceDefinition> Services { get; }

    /// <summary>By the endpoint's index.</summary>
    public Route[] Routes { get; }
}

/// <summary>A change of the routing, as its history keeps it.</summary>
/// <param name="Number">1 for the first, one more for each change.</param>
/// <param name="Text">The whole routing file.</param>
/// <param name="By">Who changed it: an operator's name, or <c>file</c>.</param>
public sealed record RoutingRevision(long Number, string Text, DateTimeOffset At, string By, string Reason);

/// <summary>The route of one endpoint, with what the answers' headers say, made ahead.</summary>
internal sealed class Route
{
    private readonly string[] _monolith;
    private readonly string[] _service;

    public Route(FacadeEndpoint endpoint, RouteDefinition definition, long revision)
    {
        (Endpoint, Definition) = (endpoint, definition);
        _monolith = Headers("monolith");
        _service = Headers($"{endpoint.Module.ToLowerInvariant()}-service");

        string[] Headers(string who) => [.. Enum.GetNames<Owner>().Select(owner => $"{who}; revision={revision}; owner={owner.ToLowerInvariant()}")];
    }

    public FacadeEndpoint Endpoint { get; }

    public RouteDefinition Definition { get; }

    /// <summary>What <c>X-Answered-By</c> says.</summary>
    public string AnsweredBy(Owner side, Owner owner) => (side is Owner.Monolith ? _monolith : _service)[(int)owner];
}
