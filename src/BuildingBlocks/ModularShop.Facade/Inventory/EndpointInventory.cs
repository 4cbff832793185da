using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace ModularShop.Facade;

/// <summary>Every named endpoint of the modules of this process, as they are mapped, and of those that have left it.</summary>
internal sealed class EndpointInventory
{
    private readonly Dictionary<string, FacadeEndpoint> _found = new(StringComparer.Ordinal);

    public IReadOnlyList<FacadeEndpoint> Endpoints { get; private set; } = [];

    /// <summary>By name, in any case.</summary>
    public FrozenDictionary<string, FacadeEndpoint> ByName { get; private set; } = FrozenDictionary<string, FacadeEndpoint>.Empty;

    public IReadOnlyDictionary<FacadeEndpoint, RouteEndpoint> Local { get; private set; } = new Dictionary<FacadeEndpoint, RouteEndpoint>();

    /// <summary>Marks the endpoints of a module as they are built.</summary>
    public void Mark(IEndpointConventionBuilder group, string module, bool hasLeft = false) => group.Finally(builder =>
    {
        if (builder is RouteEndpointBuilder route && route.Metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName is { } name)
        {
            route.Metadata.Add(new LocalEndpoint(Of(name, module, route, hasLeft)));
        }
    });

    /// <summary>Reads what has been mapped; from here on the inventory does not change.</summary>
    public void Close(IEnumerable<EndpointDataSource> sources)
    {
        var local = sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<LocalEndpoint>() is not null)
            .ToDictionary(e => e.Metadata.GetRequiredMetadata<LocalEndpoint>().Endpoint);
        Endpoints = [.. local.Keys.OrderBy(e => e.Index)];
        ByName = Endpoints.ToFrozenDictionary(e => e.Name, StringComparer.OrdinalIgnoreCase);
        Local = local;
    }

    private FacadeEndpoint Of(string name, string module, RouteEndpointBuilder route, bool hasLeft)
    {
        // An endpoint may be built more than once, and is the same one.
        if (!_found.TryGetValue(name, out var endpoint))
        {
            var methods = route.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
            endpoint = new FacadeEndpoint(_found.Count, name, module, route.RoutePattern.RawText!, methods) { HasLeft = hasLeft };
            _found[name] = endpoint;
        }

        return endpoint;
    }
}
