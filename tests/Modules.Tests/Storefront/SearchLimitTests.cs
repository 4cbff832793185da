namespace Modules.Tests.Storefront;

/// <summary>A page that searches is one search, not two.</summary>
public sealed class SearchLimitTests(SearchLimitTests.ShopOfFewSearches shop) : IClassFixture<SearchLimitTests.ShopOfFewSearches>
{
    [Fact]
    public async Task A_page_that_searches_counts_once_and_who_searches_too_often_is_told_on_a_page()
    {
        // Of all who come without a name: two at once, one a second.
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.GetAsync("/products?search=a");
        await visitor.GetAsync("/search?search=b");
        await Eventually.TrueAsync(async () => await AskAsync(visitor, "/products?search=c"), "a search too many");
        visitor.Page.ShouldContain("Too many requests");
    }

    private static async Task<bool> AskAsync(PageVisitor visitor, string address)
    {
        try
        {
            await visitor.GetAsync(address, 429);
            return true;
        }
        catch (ShouldAssertException)
        {
            return false;
        }
    }

    public sealed class ShopOfFewSearches : ShopFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("RateLimits:SearchesPerSecond", "1")];
    }
}
