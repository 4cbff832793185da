using Microsoft.AspNetCore.Http.HttpResults;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

internal static class PictureEndpoints
{
    /// <summary>A page shows dozens of them, and drawing one costs less than counting it.</summary>
    public static void MapPictures(this IEndpointRouteBuilder app) =>
        app.MapGet("/pictures/{sku}.svg", Get).WithName("Storefront.GetPicture").ExcludeFromDescription().ForEveryone().DisableRateLimiting();

    private static ContentHttpResult Get(string sku, string? kind, string? v, HttpResponse response)
    {
        response.Headers.CacheControl = ProductPicture.IsPresent(v) ? "public, max-age=31536000, immutable" : "public, max-age=3600";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        return TypedResults.Content(ProductPicture.Draw(sku, kind), "image/svg+xml");
    }
}
