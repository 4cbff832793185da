using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;
using ModularShop.Host.Storefront;

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

    /// <summary>A page that is for everybody is shown to a stranger rather than late.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>On a page, also on that which says that there is none: its cookies stand for the header of an API's client, and are renewed when they have to be.</summary>
    /// <exception cref="ApiRefusedException">They cannot be renewed at the moment, and the page is not for everybody.</exception>
    public static void UsePageSessions(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        var page = http.GetEndpoint()?.Metadata.GetMetadata<PageMetadata>();
        if ((page is not null || WillBeErrorPage(http)) && http.Request.Headers.Authorization.Count == 0)
        {
            await EstablishAsync(http, page is null or { Renews: true });
        }

        await next(http);
    });

    public static void Keep(HttpContext http, Tokens tokens)
    {
        var (time, cookies) = (http.RequestServices.GetRequiredService<TimeProvider>(), PageCookies.Of(http));
        cookies.Set(AccessCookie, tokens.AccessToken, time.GetUtcNow().AddSeconds(tokens.ExpiresIn));
        cookies.Set(RefreshCookie, tokens.RefreshToken, tokens.RefreshTokenExpiresAt);
        http.Request.Headers.Authorization = $"Bearer {tokens.AccessToken}";
    }

    /// <summary>Somebody is logged in, and who it is cannot be found out at the moment: they see the page as a stranger does.</summary>
    public static bool IsUnknown(HttpContext http) => http.Features.Get<UnknownSession>() is not null;

    /// <summary>What ends the session at the API too; null where there is none.</summary>
    public static string? RefreshTokenOf(HttpContext http) => PageCookies.Of(http)[RefreshCookie];

    public static void Forget(HttpContext http)
    {
        var cookies = PageCookies.Of(http);
        cookies.Delete(AccessCookie);
        cookies.Delete(RefreshCookie);
        CheckOutChoices.Forget(http);
        http.Request.Headers.Remove("Authorization");
    }

    /// <remarks>What a script of another origin asks for bears <c>Origin</c>, and such an origin may be one that may read the API's answers.</remarks>
    private static bool WillBeErrorPage(HttpContext http) =>
        http.GetEndpoint() is null or { Metadata.Count: 0 } && PageErrors.IsForPeople(http.Request) && http.Request.Headers.Origin.Count == 0;

    private static async Task EstablishAsync(HttpContext http, bool renews)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        if (PageCookies.Of(http)[AccessCookie] is { } access && IsGoodUntil(access, time.GetUtcNow() + Margin))
        {
            http.Request.Headers.Authorization = $"Bearer {access}";
        }
        else if (renews && RefreshTokenOf(http) is { Length: > 0 } refresh)
        {
            await RenewAsync(http, refresh);
        }
    }

    /// <summary>Where that does not work at the moment, a page for everybody is shown as to a stranger; the cookies stay, and the next page tries again.</summary>
    private static async Task RenewAsync(HttpContext http, string refreshToken)
    {
        var canDoWithout = IsForEverybody(http);
        try
        {
            var answer = await Visit.Of(http).Api.PostAsync<Tokens>("/api/v1/customers/refresh", new { refreshToken }, patience: canDoWithout ? Patience : null);
            if (answer.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status400BadRequest)
            {
                Forget(http);
                return;
            }

            Keep(http, answer.Needed());
        }
        catch (Exception e) when (canDoWithout && e is ApiRefusedException or TimeoutException)
        {
            http.Features.Set(new UnknownSession());
        }
    }

    /// <summary>Something to look at, or the page that says that there is nothing.</summary>
    private static bool IsForEverybody(HttpContext http) => HttpMethods.IsGet(http.Request.Method)
        && (http.GetEndpoint() is not { Metadata.Count: > 0 } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);

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

    private sealed record UnknownSession;
}

/// <summary>What the API answers to a log-in.</summary>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record Tokens(string AccessToken, int ExpiresIn, string RefreshToken, DateTimeOffset RefreshTokenExpiresAt);
