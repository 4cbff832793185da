using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>What somebody may mean who is still typing: a part of a page, for <c>search.js</c>.</summary>
internal static class SearchPages
{
    private const int Most = 6;

    public static void MapSearch(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/search", SuggestAsync).WithName("Storefront.Suggest").ForEveryone();

    private static async Task<IResult> SuggestAsync(Visit visit, LiveParts parts, string? search = null)
    {
        var filter = new ProductFilter(search?.Trim(), null, null, null, null, ProductFilter.DefaultSort, null);
        var (target, problem) = filter.ToApi(Most);
        var found = problem is null && filter.Search is { Length: > 0 } ? (await visit.Api.GetAsync<Listed<ProductRow>>(target)).Needed() : new Listed<ProductRow>([], null);
        var html = await parts.DrawAsync<SuggestionsPart, Suggestions>(visit, new Suggestions(filter, found.Items, problem));
        visit.Http.Response.Headers.CacheControl = "private, max-age=30";
        return TypedResults.Content(html, "text/html; charset=utf-8");
    }
}

public sealed record Suggestions(ProductFilter Filter, IReadOnlyList<ProductRow> Products, ApiProblem? Problem);
