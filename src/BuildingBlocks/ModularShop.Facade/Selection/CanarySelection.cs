using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>
/// Which clients the service answers: the same ones on every request and every replica, and those of 10 % among
/// those of 20 %.
/// </summary>
internal sealed class CanarySelection(IOptions<FacadeOptions> options)
{
    /// <summary>Tells anonymous clients apart, and nothing else about them.</summary>
    public const string Cookie = "shop-visitor";

    private const int LongestToken = 8192;

    private readonly bool _testers = options.Value.TesterHeader;

    public Owner Choose(HttpContext http, Route route)
    {
        if (_testers && http.Request.Headers.TryGetValue(FacadeHeaders.Canary, out var wanted) && wanted.Count == 1)
        {
            if (string.Equals(wanted, "service", StringComparison.OrdinalIgnoreCase))
            {
                return Owner.Service;
            }

            if (string.Equals(wanted, "monolith", StringComparison.OrdinalIgnoreCase))
            {
                return Owner.Monolith;
            }
        }

        return BucketOf(route.Endpoint.Module, CustomerOf(http) ?? VisitorOf(http)) < route.Definition.Percent ? Owner.Service : Owner.Monolith;
    }

    /// <summary>0 to 99, from FNV-1a over module and client: no module's canaries are another's.</summary>
    internal static int BucketOf(string module, string client)
    {
        var hash = 2166136261u;
        foreach (var text in (ReadOnlySpan<string>)[module, client])
        {
            foreach (var c in text)
            {
                hash = (hash ^ c) * 16777619u;
            }
        }

        // The low bits of FNV are the weaker ones.
        return (int)(((hash >> 16) ^ hash) % 100);
    }

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

    private static string VisitorOf(HttpContext http)
    {
        if (http.Request.Cookies.TryGetValue(Cookie, out var visitor) && visitor.Length is > 0 and <= 64)
        {
            return visitor;
        }

        visitor = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        http.Response.Cookies.Append(Cookie, visitor, new CookieOptions
        {
            HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), Path = "/",
        });
        return visitor;
    }
}
