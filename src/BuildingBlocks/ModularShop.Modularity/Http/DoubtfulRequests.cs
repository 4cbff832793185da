using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Pipeline;

namespace ModularShop.Modularity.Http;

/// <summary>
/// Refuses requests that two who read them one after the other might read differently, before anybody acts on them: what
/// is behind a proxy must never see another request than the proxy has judged.
/// </summary>
internal static class DoubtfulRequests
{
    /// <summary>Where Kestrel puts the length of a request that has a transfer coding too.</summary>
    private const string OverriddenLength = "X-Content-Length";

    public static void RefuseDoubtfulRequests(this WebApplication app) => app.Use(static (http, next) =>
    {
        if (DoubtAbout(http.Request) is not { } doubt)
        {
            return next(http);
        }

        if (http.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
        {
            // Where the request ends is part of the doubt.
            http.Response.Headers.Connection = "close";
        }

        return new Failure(RequestError.Malformed.Because(doubt)).ExecuteAsync(http);
    });

    private static string? DoubtAbout(HttpRequest request)
    {
        var coding = request.Headers.TransferEncoding;
        if (coding.Count > 0)
        {
            if (!string.Equals(coding.ToString().Trim(), "chunked", StringComparison.OrdinalIgnoreCase))
            {
                return "The only transfer coding taken is 'chunked'.";
            }

            if (request.Headers.ContainsKey(OverriddenLength))
            {
                return "The request says its length twice, as Content-Length and as Transfer-Encoding; send one of them.";
            }
        }

        // It has been decoded once. What is still encoded would be decoded by the next to look at it, or not.
        return request.Path.Value.AsSpan().IndexOfAny('%', '\\') >= 0
            ? "The address has an encoded slash, a backslash, or something that is encoded twice."
            : null;
    }
}
