using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

internal static class ProductPages
{
    public static void MapProduct(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/products/{sku}", (Visit visit, string sku) => ShowAsync(visit, sku, refusal: null)).WithName("Storefront.Product").ForEveryone();

    /// <param name="refusal">Why it could not be put into the cart.</param>
    public static async Task<IResult> ShowAsync(Visit visit, string sku, ApiProblem? refusal)
    {
        var categories = visit.Api.GetAsync<Listed<CategoryNode>>("/api/v1/catalog/categories");
        var details = visit.Api.GetAsync<ProductDetails>(AddressOf(sku));
        await Task.WhenAll(categories, details);
        var product = (await details).Needed();
        var way = CategoryNode.WayTo(product.CategoryPath, (await categories).Value?.Items ?? []);
        return visit.Show<ProductPage, ShownProduct>(new ShownProduct(product, way, refusal), refusal?.Status ?? StatusCodes.Status200OK);
    }

    public static string AddressOf(string sku) => $"/api/v1/catalog/products/{ShopApi.Segment(sku)}";
}

/// <param name="Way">The categories down to its own; empty where the tree cannot be had.</param>
public sealed record ShownProduct(ProductDetails Product, IReadOnlyList<CategoryNode> Way, ApiProblem? Refusal);
