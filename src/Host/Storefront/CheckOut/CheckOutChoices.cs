using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using ModularShop.Contracts;
using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>How somebody wants it sent and paid, between two pages of the checkout.</summary>
internal sealed record CheckOutChoices(string Service, CardToken Card)
{
    private const string ChoicesCookie = "shop-checkout";

    private const string PlacedCookie = "shop-placed";

    private static readonly TimeSpan Lives = TimeSpan.FromHours(1);

    public static void Keep(HttpContext http, CheckOutChoices choices) => Set(http, ChoicesCookie, Sealed.Close(http, choices));

    public static CheckOutChoices? Of(HttpContext http) => Sealed.Open<CheckOutChoices>(http, PageCookies.Of(http)[ChoicesCookie]);

    /// <summary>The order is placed: who comes back to the checkout, by the browser's back button, is brought to it.</summary>
    public static void Placed(HttpContext http, Guid order)
    {
        PageCookies.Of(http).Delete(ChoicesCookie);
        Set(http, PlacedCookie, order.ToString());
    }

    /// <summary>They are nobody's business who comes to this browser next.</summary>
    public static void Forget(HttpContext http)
    {
        PageCookies.Of(http).Delete(ChoicesCookie);
        PageCookies.Of(http).Delete(PlacedCookie);
    }

    public static Guid? LastPlaced(HttpContext http) => Guid.TryParse(PageCookies.Of(http)[PlacedCookie], out var order) ? order : null;

    private static void Set(HttpContext http, string name, string value) =>
        PageCookies.Of(http).Set(name, value, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + Lives);
}

/// <summary>
/// An order as it was shown before paying, with the key that makes it one order however often it is sent. It goes to the
/// browser and back in one piece, so that what is paid is what was seen.
/// </summary>
internal sealed record OrderToPlace(Guid Cart, string Service, string CardToken, PostalAddress Address, Money AcceptedTotal, string Key);

/// <summary>What only this shop can have written, and only it can read.</summary>
internal static class Sealed
{
    public static string Close<T>(HttpContext http, T value) => Protector<T>(http).Protect(JsonSerializer.Serialize(value));

    /// <summary>Null where there is none, or it is not ours.</summary>
    public static T? Open<T>(HttpContext http, string? text)
        where T : class
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize<T>(Protector<T>(http).Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static IDataProtector Protector<T>(HttpContext http) => http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector(typeof(T).Name);
}
