using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Security;

namespace ModularShop.Modularity.Modules;

/// <summary>An endpoint, as far as it matters where requests come in.</summary>
/// <param name="For"><c>everyone</c>, or <c>customer</c> and <c>visitor</c> where it matters which, or the roles one of which is needed; none: nobody.</param>
/// <param name="Limit">Its class of rate limits.</param>
/// <param name="LongestBody">In bytes; null as everywhere.</param>
public sealed record ManifestEndpoint(string Name, IReadOnlyList<string> Methods, string Route, IReadOnlyList<string> For, string? Limit, long? LongestBody, string? Summary)
{
    private const string Everyone = "everyone";

    /// <summary>Of those who are let in without a token: one that is good no more is refused.</summary>
    private const string Visitor = "visitor";

    /// <exception cref="InvalidOperationException">Who may call the endpoint cannot be said in a manifest.</exception>
    public static ManifestEndpoint Of(RouteEndpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        return new ManifestEndpoint(
            metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
            [.. metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []],
            endpoint.RoutePattern.RawText!,
            AccessTo(endpoint),
            metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName,
            metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize,
            metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary);
    }

    /// <summary>An endpoint with the same address, verbs, rights and limits.</summary>
    public IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, RequestDelegate answer)
    {
        var endpoint = routes.MapMethods(Route, Methods, answer).WithName(Name);
        if (Summary is not null)
        {
            endpoint.WithSummary(Summary);
        }

        if (Limit is not null)
        {
            endpoint.RequireRateLimiting(Limit);
        }

        if (LongestBody is { } bytes)
        {
            endpoint.WithMetadata(new RequestSizeLimitAttribute(bytes));
        }

        return For switch
        {
            [] => endpoint,
            [Everyone] => endpoint.ForEveryone(),
            [Access.Customer] => endpoint.ForCustomers(),
            [Access.Operator] => endpoint.ForOperators(),
            [Access.Customer, Access.Operator] => endpoint.ForCustomersAndOperators(),
            [Access.Customer, Visitor] => endpoint.ForVisitorsAndCustomers(),
            _ => throw new InvalidOperationException($"{Name} is for {string.Join(", ", For)}, which is nobody that is known here."),
        };
    }

    private static IReadOnlyList<string> AccessTo(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return endpoint.Metadata.Contains(StaleTokens.Metadata) ? [Access.Customer, Visitor] : [Everyone];
        }

        var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().ToList();
        var requirements = endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(p => p.Requirements).ToList();
        // What is not understood must not be left out.
        return policies.TrueForAll(p => p.Roles is null && p.Policy is null or Access.Customer or Access.Operator) && requirements.TrueForAll(r => r is RolesAuthorizationRequirement)
            ? [.. policies.Select(p => p.Policy).OfType<string>().Concat(requirements.OfType<RolesAuthorizationRequirement>().SelectMany(r => r.AllowedRoles)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : throw new InvalidOperationException($"Who may call {endpoint.DisplayName} cannot be said in a manifest: use ForEveryone, ForCustomers, ForOperators or ForCustomersAndOperators.");
    }
}
