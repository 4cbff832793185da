namespace ModularShop.Documentation;

/// <summary>Every endpoint that has a name.</summary>
internal static class RoutingInventory
{
    public static string Of(IReadOnlyList<EndpointFacts> endpoints) => new Page("Routing inventory")
        .Line("Endpoints that bear a module's name can be routed to its service by that name (`./shop routes`); the others are the host's own.").Line()
        .Table(["Endpoint", "Module", "Method", "Route", "For"], endpoints.Select(e => new[] { $"`{e.Name}`", e.Part, e.Method, $"`{e.Route}`", e.Access }))
        .ToString();
}
