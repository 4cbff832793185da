using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ModularShop.Facade;

/// <summary>What tells one client from another.</summary>
internal static class Clients
{
    /// <summary>Tells anonymous clients apart, and nothing else about them.</summary>
    public const string Cookie = "shop-visitor";

    private const int LongestToken = 8192;

    private const int LongestVisitor = 64;

    /// <summary>Null where the request bears nothing that does.</summary>
    public static string? Of(HttpContext http) => CustomerOf(http) ?? VisitorOf(http);

    /// <summary>
    /// Whose token it says it is. It is not checked here, before authentication: a forged one chooses the forger's side
    /// and nothing else.
    /// </summary>
    private static string? CustomerOf(HttpContext http)
    {
        const string scheme = "Bearer ";
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || header.Length > LongestToken)
        {
            return null;
        }

        try
        {
            return new JsonWebToken(header[scheme.Length..]).Subject is { Length: > 0 } subject ? subject : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? VisitorOf(HttpContext http) =>
        http.Request.Cookies.TryGetValue(Cookie, out var visitor) && visitor.Length is > 0 and <= LongestVisitor ? visitor : null;
}
