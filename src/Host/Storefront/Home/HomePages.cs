using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

internal static class HomePages
{
    private const int OnTheShelf = 10;

    public static void MapHome(this IEndpointRouteBuilder pages) => pages.MapGet("/", ShowAsync).WithName("Storefront.Home").ForEveryone();

    private static async Task<IResult> ShowAsync(Visit visit)
    {
        var categories = visit.Api.GetAsync<Listed<CategoryNode>>("/api/v1/catalog/categories");
        var products = visit.Api.GetAsync<Listed<ProductRow>>("/api/v1/catalog/products?size=100");
        await Task.WhenAll(categories, products);
        return visit.Show<HomePage, Home>(new Home((await categories).Needed().Items, Shelf((await products).Needed().Items)));
    }

    /// <summary>Something of each department in turn, the same for everybody until the products change.</summary>
    private static IReadOnlyList<ProductRow> Shelf(IReadOnlyList<ProductRow> products) =>
    [
        .. products.Where(p => p.Available > 0).GroupBy(p => p.CategoryPath.Split('/')[0], StringComparer.Ordinal)
            .SelectMany(department => department.OrderByDescending(p => p.Available % 7).ThenBy(p => p.Sku, StringComparer.Ordinal).Select((product, turn) => (product, turn)))
            .OrderBy(p => p.turn).Select(p => p.product).Take(OnTheShelf),
    ];
}

/// <param name="Categories">Those at the top.</param>
public sealed record Home(IReadOnlyList<CategoryNode> Categories, IReadOnlyList<ProductRow> Shelf);
