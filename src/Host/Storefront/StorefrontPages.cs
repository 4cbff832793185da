using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>The shop as its customers see it.</summary>
internal static class StorefrontPages
{
    public static void MapStorefront(this WebApplication app)
    {
        app.MapPictures();
        var pages = app.MapPages();
        pages.MapHome();
        pages.MapSearch();
        pages.MapProductList();
        pages.MapProduct();
        pages.MapCart();
        pages.MapLogIn();
        pages.MapRegister();
        pages.MapCheckOut();
        pages.MapOrders();
        pages.MapParcels();
        pages.MapAccount();
        pages.MapAddresses();
    }
}
