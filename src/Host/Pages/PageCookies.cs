using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SameSiteMode = Microsoft.AspNetCore.Http.SameSiteMode;

namespace ModularShop.Host.Pages;

/// <summary>
/// The browser's cookies as they are with this answer. What is set goes with it whatever becomes of the page: an error page
/// begins by clearing all headers, and a session that has been renewed has to arrive all the same.
/// </summary>
internal sealed class PageCookies
{
    private readonly Dictionary<string, SetCookieHeaderValue> _set = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly HttpContext _http;

    private PageCookies(HttpContext http)
    {
        _http = http;
        http.Response.OnStarting(SendAsync);
    }

    /// <summary>Null where there is none.</summary>
    public string? this[string name]
    {
        get
        {
            lock (_lock)
            {
                return !_set.TryGetValue(name, out var set) ? _http.Request.Cookies[name] : set.Value.Length == 0 ? null : Uri.UnescapeDataString(set.Value.ToString());
            }
        }
    }

    public static PageCookies Of(HttpContext http)
    {
        if (http.Features.Get<PageCookies>() is not { } cookies)
        {
            http.Features.Set(cookies = new PageCookies(http));
        }

        return cookies;
    }

    /// <summary>One of ours: for this site alone, out of reach of scripts.</summary>
    public void Set(string name, string value, DateTimeOffset expires)
    {
        var options = new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = _http.Request.IsHttps, Path = "/", Expires = expires };
        Take(options.CreateCookieHeader(name, Uri.EscapeDataString(value)));
    }

    public void Delete(string name) => Set(name, "", DateTimeOffset.UnixEpoch);

    /// <summary>What an answer of the API says.</summary>
    public void Take(StringValues setCookie)
    {
        foreach (var line in setCookie)
        {
            if (SetCookieHeaderValue.TryParse(line, out var cookie))
            {
                Take(cookie);
            }
        }
    }

    private void Take(SetCookieHeaderValue cookie)
    {
        lock (_lock)
        {
            _set[cookie.Name.ToString()] = cookie;
        }
    }

    private Task SendAsync()
    {
        lock (_lock)
        {
            _http.Response.Headers.SetCookie = StringValues.Concat(_http.Response.Headers.SetCookie, _set.Values.Select(c => c.ToString()).ToArray());
        }

        return Task.CompletedTask;
    }
}
