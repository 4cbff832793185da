using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>The cart of somebody who has not logged in: its id in a cookie.</summary>
internal static class AnonymousCart
{
    private const string CartCookie = "shop-cart";

    private static readonly TimeSpan Lives = TimeSpan.FromDays(30);

    public static Guid? Of(HttpContext http) => Guid.TryParse(PageCookies.Of(http)[CartCookie], out var id) ? id : null;

    public static void Keep(HttpContext http, Guid cart) =>
        PageCookies.Of(http).Set(CartCookie, cart.ToString(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + Lives);

    public static void Forget(HttpContext http) => PageCookies.Of(http).Delete(CartCookie);
}
