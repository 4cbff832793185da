using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

internal static class ProductListPages
{
    private const int Size = 24;

    public static void MapProductList(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/products", ShowAsync).WithName("Storefront.Products").ForEveryone();

    private static async Task<IResult> ShowAsync(
        Visit visit, string? search = null, string? category = null, string? currency = null, string? min = null, string? max = null, string? sort = null, string? after = null)
    {
        var filter = new ProductFilter(search?.Trim(), category, currency, min, max, string.IsNullOrEmpty(sort) ? ProductFilter.DefaultSort : sort, after);
        var (target, problem) = filter.ToApi(Size);
        var categories = visit.Api.GetAsync<Listed<CategoryNode>>("/api/v1/catalog/categories");
        var products = problem is null ? visit.Api.GetAsync<Listed<ProductRow>>(target) : null;
        await Task.WhenAll(categories, products ?? Task.CompletedTask);
        Listed<ProductRow>? found = null;
        if (products is not null)
        {
            var answer = await products;
            // What is wrong with the address is said on the page, where it can be put right.
            problem = answer.Problem is { Status: 400 or 404 } wrong ? wrong : null;
            found = problem is null ? answer.Needed() : null;
        }

        var tree = (await categories).Value?.Items ?? [];
        return visit.Show<ProductListPage, ProductList>(
            new ProductList(filter, found?.Items ?? [], found?.Next, tree, problem), problem?.Status ?? StatusCodes.Status200OK);
    }
}

/// <param name="Problem">Why nothing was looked for.</param>
public sealed record ProductList(ProductFilter Filter, IReadOnlyList<ProductRow> Items, string? Next, IReadOnlyList<CategoryNode> Categories, ApiProblem? Problem)
{
    public IReadOnlyList<CategoryNode> Way => Filter.Category is { Length: > 0 } path ? CategoryNode.WayTo(path, Categories) : [];

    public string Title => Filter.Search is { Length: > 0 and <= ProductFilter.LongestSearch } search ? $"“{search}”" : Way is [.., var here] ? here.Name : "All products";
}
