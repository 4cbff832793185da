namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class SearchTests(ShopFixture shop)
{
    /// <summary>A word only this test's products have.</summary>
    private readonly string _word = $"w{Guid.CreateVersion7():N}";

    [Fact]
    public async Task All_words_must_occur_in_any_order_case_and_accent()
    {
        var pan = await shop.AddProductAsync(name: $"Crêpe Pan {_word}");
        var spoon = await shop.AddProductAsync(name: $"Œuf spoon {_word}");
        (await FindAsync($"search={_word}")).ShouldBe([pan, spoon]);
        (await FindAsync($"search={_word}+PAN+crepe")).ShouldBe([pan]);
        (await FindAsync($"search={_word}+oeuf")).ShouldBe([spoon]);
        (await FindAsync($"search={_word}+OEuf%09spo")).ShouldBe([spoon]);
        (await FindAsync($"search={_word}+pan+spoon")).ShouldBeEmpty();
        (await FindAsync($"search={pan.ToLowerInvariant()}")).ShouldBe([pan]);
    }

    [Fact]
    public async Task Wildcards_are_taken_literally()
    {
        var cotton = await shop.AddProductAsync(name: $"100% cotton_{_word}");
        var other = await shop.AddProductAsync(name: $"1000 cottonX{_word}");
        (await FindAsync($"search=100%25+{_word}")).ShouldBe([cotton]);
        (await FindAsync($"search=cotton_{_word}")).ShouldBe([cotton]);
        (await FindAsync($"search=%25+{_word}")).ShouldBe([cotton]);
        (await FindAsync($"search=cotton[X]{_word}")).ShouldBeEmpty();
        (await FindAsync($"search=%27;--+{_word}")).ShouldBeEmpty();
        (await FindAsync($"search={_word}&sort=priceAscending")).Order(StringComparer.Ordinal).ShouldBe(new[] { cotton, other }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prices_are_compared_within_a_currency()
    {
        var cheap = await shop.AddProductAsync(price: 500, name: $"a {_word}");
        var middle = await shop.AddProductAsync(price: 1000, name: $"b {_word}");
        var yen = await shop.AddProductAsync(price: 900, currency: "JPY", name: $"c {_word}");
        (await FindAsync($"search={_word}&currency=EUR&minPrice=500&maxPrice=999")).ShouldBe([cheap]);
        (await FindAsync($"search={_word}&currency=JPY&maxPrice=900")).ShouldBe([yen]);
        (await FindAsync($"search={_word}&currency=EUR")).ShouldBe([cheap, middle]);
        (await FindAsync($"search={_word}&sort=priceAscending")).ShouldBe([cheap, middle, yen]);
        (await FindAsync($"search={_word}&sort=priceDescending")).ShouldBe([middle, cheap, yen]);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("newest")]
    [InlineData("priceAscending")]
    [InlineData("priceDescending")]
    public async Task All_pages_together_have_every_product_once(string sort)
    {
        await ImportAsync(60);
        using var anyone = shop.Anonymous();
        var skus = await anyone.AllPagesAsync($"search={_word}&sort={sort}&size=7");
        skus.Count.ShouldBe(60);
        skus.Distinct(StringComparer.Ordinal).Count().ShouldBe(60);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("newest")]
    public async Task All_pages_together_have_every_product_once_while_prices_change(string sort)
    {
        await ImportAsync(40);
        using var anyone = shop.Anonymous();
        var random = new Random(40);
        var skus = await anyone.AllPagesAsync($"search={_word}&sort={sort}&size=3", () => RepriceAsync(random.Next(40), random.Next(1, 5000)));
        skus.Count.ShouldBe(40);
        skus.Distinct(StringComparer.Ordinal).Count().ShouldBe(40);
    }

    [Fact]
    public async Task Sorted_by_price_products_whose_price_stays_are_there_once_while_others_change()
    {
        await ImportAsync(40);
        using var anyone = shop.Anonymous();
        var random = new Random(41);
        var skus = await anyone.AllPagesAsync($"search={_word}&sort=priceAscending&size=3", () => RepriceAsync(random.Next(20), random.Next(1, 5000)));
        for (var i = 20; i < 40; i++)
        {
            skus.Count(s => s == Sku(i)).ShouldBe(1, Sku(i));
        }
    }

    [Fact]
    public async Task New_products_come_first()
    {
        var first = await shop.AddProductAsync(name: $"a {_word}");
        var second = await shop.AddProductAsync(name: $"b {_word}");
        (await FindAsync($"search={_word}&sort=newest")).ShouldBe([second, first]);
    }

    private string Sku(int number) => $"{_word}-{number:D3}".ToUpperInvariant();

    /// <summary>Ten of each name and of each price.</summary>
    private async Task ImportAsync(int count) =>
        (await shop.ImportAsync("sku,name,category,price,currency\n" + string.Concat(Enumerable.Range(0, count)
            .Select(i => $"{Sku(i)},Name {i / 10} {_word},Search tests,{1 + (i % (count / 10))}.00,EUR\n")))).Counts().ShouldBe((count, 0, 0, 0));

    private async Task RepriceAsync(int number, int amount)
    {
        using var operators = shop.Operator();
        await operators.PutAsJsonAsync($"{CatalogShop.Products}/{Sku(number)}/price", new { price = new { amount, currency = "EUR" } }).ShouldHaveStatusAsync(204);
    }

    private async Task<List<string>> FindAsync(string query)
    {
        using var anyone = shop.Anonymous();
        return await anyone.AllPagesAsync(query);
    }
}
