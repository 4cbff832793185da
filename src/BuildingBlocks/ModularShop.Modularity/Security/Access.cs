using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Security;

/// <summary>Who may call an endpoint. An endpoint that says nothing is for nobody: the fallback policy denies.</summary>
public static class Access
{
    public const string Customer = "customer";

    public const string Operator = "operator";

    public const string Peer = "peer";

    /// <summary>With an id behind it, it fits into the histories' 200 characters.</summary>
    private const int LongestName = 100;

    public const string Issuer = "modularshop";

    public const string Audience = "modularshop";

    public static TBuilder ForEveryone<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AllowAnonymous().Limited();

    /// <summary>For everyone, but what is answered depends on who asks: a token that is good no more is refused, not overlooked.</summary>
    public static TBuilder ForVisitorsAndCustomers<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.ForEveryone().WithMetadata(StaleTokens.Metadata);

    public static TBuilder ForCustomers<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Customer).Limited();

    public static TBuilder ForOperators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Operator).Limited();

    /// <summary>For things that a customer may see of their own and an operator of anybody's; the handler tells them apart.</summary>
    public static TBuilder ForCustomersAndOperators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(policy => policy.RequireRole(Customer, Operator)).Limited();

    /// <summary>For other deployables, over the peer listener; to everybody else there is nothing at this address.</summary>
    public static TBuilder ForPeers<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Peer).WithMetadata(PeersOnly.Metadata);

    private static TBuilder Limited<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Finally(RateLimitServices.Classify);
        return endpoint;
    }

    /// <summary>The customer who is logged in.</summary>
    /// <exception cref="InvalidOperationException">Nobody is; the endpoint lacks <see cref="ForCustomers{T}"/>.</exception>
    public static Guid CustomerId(this ClaimsPrincipal user) => user.OptionalCustomerId()
        ?? throw new InvalidOperationException("No customer is logged in.");

    /// <summary>
    /// Who did something, as histories keep it: <c>Olive Operator (0198f0c2-…)</c>, for names alone are not one person's; the
    /// id alone where the token has no name.
    /// </summary>
    public static string Who(this ClaimsPrincipal user)
    {
        var id = user.FindFirstValue("sub") ?? "unknown";
        return user.FindFirstValue("name")?.Trim() is { Length: > 0 } name ? $"{name[..Math.Min(name.Length, LongestName)]} ({id})" : id;
    }

    public static Guid? OptionalCustomerId(this ClaimsPrincipal user) =>
        user.IsInRole(Customer) && Guid.TryParse(user.FindFirstValue("sub"), out var id) ? id : null;
}

/// <summary>The public keys that access tokens are checked with; the module that issues the tokens provides them.</summary>
public interface ITokenKeys
{
    IReadOnlyCollection<SecurityKey> Current { get; }
}
