using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ModularShop.Facade;

/// <summary>What it takes to answer a request a second time.</summary>
internal static class Replay
{
    /// <summary>In bytes of a body; a longer one is read once.</summary>
    private const int Longest = 1024 * 1024;

    /// <summary>Keeps the body as it is read; false where it is too long for that.</summary>
    public static bool TryKeepBody(HttpRequest request)
    {
        if ((request.ContentLength ?? LimitOf(request) ?? Longest) > Longest)
        {
            return false;
        }

        request.EnableBuffering(bufferThreshold: 64 * 1024, bufferLimit: Longest);
        return true;
    }

    /// <summary>
    /// The same, read to its end: of a body that is read while it is sent on, what has been read is not kept when the sending is
    /// broken off in between.
    /// </summary>
    public static async Task<bool> TryKeepWholeBodyAsync(HttpRequest request)
    {
        if (!TryKeepBody(request))
        {
            return false;
        }

        try
        {
            await request.Body.DrainAsync(request.HttpContext.RequestAborted);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body of the request could not be read.", e);
        }

        request.Body.Position = 0;
        return true;
    }

    /// <summary>Whether the body says itself that it is longer than the endpoint takes.</summary>
    public static bool IsTooLong(HttpRequest request) => request.ContentLength > LimitOf(request);

    /// <summary>As if nobody had begun to answer.</summary>
    public static void Restore(HttpContext http, KeyValuePair<string, StringValues>[] headers)
    {
        http.Response.Headers.Clear();
        foreach (var (name, value) in headers)
        {
            http.Response.Headers[name] = value;
        }

        http.Response.StatusCode = StatusCodes.Status200OK;
    }

    private static long? LimitOf(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { } feature ? feature.MaxRequestBodySize ?? long.MaxValue : null;
}
