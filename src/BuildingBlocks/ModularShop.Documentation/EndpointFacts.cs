using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace ModularShop.Documentation;

/// <summary>A named endpoint.</summary>
/// <param name="Access">Who may call it.</param>
internal sealed record EndpointFacts(string Name, string Method, string Route, string Access, string Summary)
{
    /// <summary>The module it bears the name of, or what else of the host it belongs to.</summary>
    public string Part => Name.Split('.')[0];

    /// <summary>By name. An endpoint and its twin, which sends requests to a service, are one.</summary>
    public static IReadOnlyList<EndpointFacts> AllOf(EndpointDataSource source) =>
    [
        .. source.Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null).Select(Of)
            .DistinctBy(e => e.Name, StringComparer.Ordinal).OrderBy(e => e.Name, StringComparer.Ordinal),
    ];

    private static EndpointFacts Of(RouteEndpoint endpoint) => new(
        endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
        string.Join(", ", endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()),
        $"/{endpoint.RoutePattern.RawText!.Trim('/')}",
        AccessTo(endpoint.Metadata),
        endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? "");

    private static string AccessTo(EndpointMetadataCollection metadata)
    {
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return "everyone";
        }

        var roles = metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).OfType<string>()
            .Concat(metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(p => p.Requirements).OfType<RolesAuthorizationRequirement>().SelectMany(r => r.AllowedRoles))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r}s"));
        return string.Join(", ", roles) is { Length: > 0 } said ? said : "nobody";
    }
}
