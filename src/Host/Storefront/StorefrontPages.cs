using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>The shop as its customers see it.</summary>
internal static class StorefrontPages
{
    public static void MapStorefront(this WebApplication app)
    {
        var pages = app.MapPages();
        pages.MapLogIn();
    }
}
