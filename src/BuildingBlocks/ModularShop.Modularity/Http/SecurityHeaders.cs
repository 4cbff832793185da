using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Http;

/// <summary>What every answer that leaves for a client says to its browser.</summary>
public static class SecurityHeaders
{
    private const string ReferrerPolicy = "Referrer-Policy";

    private const string OpenerPolicy = "Cross-Origin-Opener-Policy";

    private static readonly PathString Api = "/api";

    /// <summary>Sets them, whatever is there: on an answer of another process too they are ours, and there once.</summary>
    /// <remarks>To a peer the answer is one of its own, which it sets them on.</remarks>
    public static void SetForClient(HttpContext http)
    {
        if (http.Features.Get<IPeerConnection>() is not null)
        {
            return;
        }

        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers[ReferrerPolicy] = "same-origin";
        headers[OpenerPolicy] = "same-origin";
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments(Api, StringComparison.Ordinal)
            ? "default-src 'none'; frame-ancestors 'none'"
            : "base-uri 'self'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";
    }

    /// <summary>Sets them again where somebody has added to them since.</summary>
    public static void KeepForClient(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (headers.XContentTypeOptions.Count > 1 || headers.XFrameOptions.Count > 1 || headers.ContentSecurityPolicy.Count > 1
            || headers[ReferrerPolicy].Count > 1 || headers[OpenerPolicy].Count > 1)
        {
            SetForClient(http);
        }
    }

    internal static void UseSecurityHeaders(this WebApplication app) => app.Use(static (http, next) =>
    {
        SetForClient(http);
        return next(http);
    });
}
