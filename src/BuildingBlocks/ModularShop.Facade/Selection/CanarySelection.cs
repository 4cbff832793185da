using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>
/// Which clients the service answers: the same ones on every request and every replica, and those of 10 % among
/// those of 20 %.
/// </summary>
internal sealed class CanarySelection(IOptions<FacadeOptions> options)
{
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

        return BucketOf(route.Endpoint.Module, Clients.Of(http) ?? NewVisitor(http)) < route.Definition.Percent ? Owner.Service : Owner.Monolith;
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

    private static string NewVisitor(HttpContext http)
    {
        var visitor = (http.Features.Get<FirstVisit>() ?? new FirstVisit()).Visitor;
        http.Response.Cookies.Append(Clients.Cookie, visitor, new CookieOptions
        {
            HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), Path = "/",
        });
        return visitor;
    }
}
