using Shouldly;
using Xunit;

namespace ModularShop.TestKit;

/// <content>Lists: filters, order and pages.</content>
public abstract partial class CatalogContract
{
    [Fact]
    public async Task All_pages_together_have_every_product_once_in_the_order_asked_for()
    {
        var skus = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            skus.Add(await shop.AddProductAsync(price: 1000 + i, name: $"{(char)('a' + i)} {_word}"));
        }

        (await PagesAsync($"search={_word}&size=2")).ShouldBe(skus);
        (await PagesAsync($"search={_word}&size=2&sort=priceDescending")).ShouldBe(Enumerable.Reverse(skus));
    }

    [Theory]
    [InlineData("minPrice=1", "currency")]
    [InlineData("maxPrice=1", "currency")]
    [InlineData("minPrice=-1&currency=EUR", "minPrice")]
    [InlineData("minPrice=10&maxPrice=9&currency=EUR", "maxPrice")]
    [InlineData("currency=XXX", "currency")]
    [InlineData("size=0", "size")]
    [InlineData("size=101", "size")]
    [InlineData("sort=77", "sort")]
    [InlineData("sort=beauty", "sort")]
    public async Task A_filter_that_makes_no_sense_is_named(string query, string field)
    {
        using var anyone = shop.Anonymous();
        var problem = await anyone.GetAsync(new Uri($"{Products}?{query}", UriKind.Relative)).ShouldFailAsync(400, "request.invalid");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe([field]);
    }

    [Theory]
    [InlineData("size=many")]
    [InlineData("minPrice=1.5")]
    [InlineData("minPrice=99999999999999999999")]
    public async Task A_filter_that_cannot_be_read_is_malformed(string query)
    {
        using var anyone = shop.Anonymous();
        await anyone.GetAsync(new Uri($"{Products}?{query}", UriKind.Relative)).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task What_is_no_position_in_this_list_is_refused()
    {
        await shop.AddProductAsync(name: $"a {_word}");
        await shop.AddProductAsync(name: $"b {_word}");
        using var anyone = shop.Anonymous();
        var page = await anyone.GetAsync(new Uri($"{Products}?search={_word}&size=1", UriKind.Relative)).ShouldBeAsync(200);
        var next = page["next"]!.GetValue<string>();
        foreach (var after in (string[])["nonsense", "", next[..^4], $"{next}&sort=newest", new string('x', 5000), "e30", "bnVsbA"])
        {
            await anyone.GetAsync(new Uri($"{Products}?search={_word}&after={after}", UriKind.Relative)).ShouldFailAsync(400, "request.cursor");
        }

        await anyone.GetAsync(new Uri($"{Products}?category=nope", UriKind.Relative)).ShouldFailAsync(404, "catalog.category_not_found");
        await anyone.GetAsync(new Uri($"{Products}?search={new string('x', 5000)}", UriKind.Relative)).ShouldFailAsync(400, "request.invalid");
    }

    private async Task<List<string>> PagesAsync(string query)
    {
        using var anyone = shop.Anonymous();
        var skus = new List<string>();
        string? next = null;
        do
        {
            var page = await anyone.GetAsync(new Uri($"{Products}?{query}{(next is null ? "" : $"&after={next}")}", UriKind.Relative)).ShouldBeAsync(200);
            skus.AddRange(page["items"]!.AsArray().Select(i => i!["sku"]!.GetValue<string>()));
            next = page["next"]?.GetValue<string>();
        }
        while (next is not null);
        return skus;
    }
}
