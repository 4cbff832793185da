namespace Modules.Tests.Catalog;

/// <summary>The demo shop as a newcomer finds it.</summary>
public sealed class DemoTests(DemoTests.DemoShop shop) : IClassFixture<DemoTests.DemoShop>
{
    [Fact]
    public async Task The_demo_shop_has_eight_kinds_of_things_and_140_products()
    {
        using var anyone = shop.Anonymous();
        var categories = (await anyone.GetAsync(new Uri("/api/v1/catalog/categories", UriKind.Relative)).ShouldBeAsync(200))["items"]!.AsArray();
        categories.Count.ShouldBe(8);
        categories.Sum(c => c!["products"]!.GetValue<int>()).ShouldBe(140);
        categories.ShouldAllBe(c => c!["children"]!.AsArray().Sum(b => b!["products"]!.GetValue<int>()) == c["products"]!.GetValue<int>());
        (await anyone.AllPagesAsync("size=50")).Distinct(StringComparer.Ordinal).Count().ShouldBe(140);
        (await anyone.AllPagesAsync("search=creperie+crepe")).ShouldBeEmpty();
        (await anyone.AllPagesAsync("search=crepe+PAN")).ShouldBe(["KIT-0107"], "Crêpe Pan");
        (await anyone.AllPagesAsync("search=nokkeby&category=Kitchen/Tableware")).ShouldNotBeEmpty("Nøkkeby");
    }

    public sealed class DemoShop : ShopFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Demo:Catalog", "true")];
    }
}
