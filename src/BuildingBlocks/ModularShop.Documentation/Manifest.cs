using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Security;

namespace ModularShop.Documentation;

/// <summary>What a host without the module's code has to know of it: a part of its Contracts.</summary>
internal static class Manifest
{
    public static ModuleManifest Of(ModuleFacts module, EndpointDataSource endpoints) => new(
        module.Name,
        [
            .. endpoints.Endpoints.OfType<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName.StartsWith($"{module.Name}.", StringComparison.Ordinal) == true)
                .Select(ManifestEndpoint.Of).DistinctBy(e => e.Name, StringComparer.Ordinal).OrderBy(e => e.Name, StringComparer.Ordinal),
            .. OfService(module),
        ],
        [.. module.Consumes.Select(m => m.Name)],
        [.. module.Publishes.Select(m => m.Name)]);

    /// <summary>What the host answers for its modules, and a service for its own.</summary>
    private static IEnumerable<ManifestEndpoint> OfService(ModuleFacts module) =>
    [
        new($"{module.Name}.ReadMessages", [HttpMethods.Get], $"/api/v1/messages/{module.Schema}/{{**rest}}", [Access.Operator], RateLimits.Operators, null, "Dead letters of the module, at its service"),
        new($"{module.Name}.SettleMessages", [HttpMethods.Post], $"/api/v1/messages/{module.Schema}/{{**rest}}", [Access.Operator], RateLimits.Operators, null, "Retry or discard dead letters of the module, at its service"),
        new($"{module.Name}.ReadDocument", [HttpMethods.Get], $"/openapi/{module.Schema}.json", ["everyone"], RateLimits.Reads, null, "The OpenAPI document of the module, at its service"),
    ];
}
