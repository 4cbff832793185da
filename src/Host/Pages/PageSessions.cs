using Microsoft.IdentityModel.JsonWebTokens;

namespace ModularShop.Host.Pages;

/// <summary>
/// Who is logged in on the pages: the API's tokens in two cookies that no script can read. They are good on pages alone;
/// the API takes no cookies, so no other site can make a browser use it.
/// </summary>
internal static class PageSessions
{
    private const string AccessCookie = "shop-access";

    private const string RefreshCookie = "shop-refresh";

    /// <summary>A token that ends while the page asks for its parts is exchanged before.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);

    /// <summary>On a page: its cookies stand for the header of an API's client, and are renewed when they have to be.</summary>
    /// <exception cref="ApiRefusedException">They cannot be renewed at the moment.</exception>
    public static void UsePageSessions(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<PageMetadata>() is not null && http.Request.Headers.Authorization.Count == 0)
        {
            await EstablishAsync(http);
        }

        await next(http);
    });

    public static void Keep(HttpContext http, Tokens tokens)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        http.Response.Cookies.Append(AccessCookie, tokens.AccessToken, Cookie(http, time.GetUtcNow().AddSeconds(tokens.ExpiresIn)));
        http.Response.Cookies.Append(RefreshCookie, tokens.RefreshToken, Cookie(http, tokens.RefreshTokenExpiresAt));
        http.Request.Headers.Authorization = $"Bearer {tokens.AccessToken}";
    }

    /// <summary>What ends the session at the API too; null where there is none.</summary>
    public static string? RefreshTokenOf(HttpContext http) => http.Request.Cookies[RefreshCookie];

    public static void Forget(HttpContext http)
    {
        http.Response.Cookies.Delete(AccessCookie, Cookie(http, expires: null));
        http.Response.Cookies.Delete(RefreshCookie, Cookie(http, expires: null));
        http.Request.Headers.Remove("Authorization");
    }

    /// <summary>A cookie of ours: for this site alone, out of reach of scripts.</summary>
    public static CookieOptions Cookie(HttpContext http, DateTimeOffset? expires) => new()
    {
        HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", Expires = expires,
    };

    private static async Task EstablishAsync(HttpContext http)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        if (http.Request.Cookies[AccessCookie] is { } access && IsGoodUntil(access, time.GetUtcNow() + Margin))
        {
            http.Request.Headers.Authorization = $"Bearer {access}";
        }
        else if (RefreshTokenOf(http) is { Length: > 0 } refresh)
        {
            var answer = await Visit.Of(http).Api.PostAsync<Tokens>("/api/v1/customers/refresh", new { refreshToken = refresh });
            if (answer.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status400BadRequest)
            {
                Forget(http);
                return;
            }

            Keep(http, answer.Needed());
        }
    }

    /// <summary>Whether its signature is one is found out where tokens are checked.</summary>
    private static bool IsGoodUntil(string token, DateTimeOffset time)
    {
        try
        {
            return new JsonWebToken(token).ValidTo > time.UtcDateTime;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>What the API answers to a log-in.</summary>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record Tokens(string AccessToken, int ExpiresIn, string RefreshToken, DateTimeOffset RefreshTokenExpiresAt);
