using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;

namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class ProductTests(ShopFixture shop)
{
    private static readonly Uri Products = new(CatalogShop.Products, UriKind.Relative);

    [Fact]
    public async Task An_edit_that_changes_nothing_makes_no_new_version()
    {
        var sku = await shop.AddProductAsync();
        using var operators = shop.Operator();
        var edit = new { name = "Same", description = "", brand = "", category = "test-products", weightGrams = 0, attributes = new { a = "b" } };
        await EditAsync(operators, sku, edit).ShouldHaveStatusAsync(204);
        await EditAsync(operators, sku, edit).ShouldHaveStatusAsync(204);
        (await shop.ProductAsync(sku))["version"]!.GetValue<int>().ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("colour ")]
    [InlineData(" colour")]
    [InlineData("colour\t")]
    public async Task The_name_of_an_attribute_has_no_spaces_around_it(string name)
    {
        var sku = await shop.AddProductAsync();
        using var operators = shop.Operator();
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["colour"] = "red", [name] = "blue" };
        await EditAsync(operators, sku, new { name = "Same", description = "", brand = "", category = "test-products", weightGrams = 0, attributes }).ShouldFailAsync(400, "request.invalid");
        attributes.Remove(name);
        attributes["the colour"] = "green";
        await EditAsync(operators, sku, new { name = "Same", description = "", brand = "", category = "test-products", weightGrams = 0, attributes }).ShouldHaveStatusAsync(204);
    }

    [Fact]
    public async Task A_new_price_is_told_to_others_once()
    {
        var sku = await shop.AddProductAsync(price: 1000);
        using var operators = shop.Operator();
        await PriceAsync(operators, sku, 1100).ShouldHaveStatusAsync(204);
        await PriceAsync(operators, sku, 1100).ShouldHaveStatusAsync(204);
        await shop.SettledAsync();
        shop.Published<ProductPriceChanged>(m => m.Sku == sku).ShouldBe([new ProductPriceChanged(sku, new Money(1000, "EUR"), new Money(1100, "EUR"))]);
    }

    [Fact]
    public async Task A_discontinued_product_is_told_to_others_once_and_is_no_more_in_lists()
    {
        var sku = await shop.AddProductAsync();
        using var operators = shop.Operator();
        using var anyone = shop.Anonymous();
        for (var i = 0; i < 2; i++)
        {
            await operators.PostAsync(new Uri($"{Products}/{sku}/discontinue", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        }

        await shop.SettledAsync();
        shop.Published<ProductDiscontinued>(m => m.Sku == sku).Count.ShouldBe(1);
        (await anyone.AllPagesAsync($"search={sku}")).ShouldBeEmpty();
        (await operators.AllPagesAsync($"search={sku}&status=discontinued")).ShouldBe([sku]);
        (await operators.AllPagesAsync($"search={sku}&status=all")).ShouldBe([sku]);
        (await shop.ProductAsync(sku))["status"]!.GetValue<string>().ShouldBe("discontinued", "old orders link to it");
        await PriceAsync(operators, sku, 1).ShouldFailAsync(409, "catalog.product_discontinued");

        await operators.PostAsync(new Uri($"{Products}/{sku}/reinstate", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        (await anyone.AllPagesAsync($"search={sku}")).ShouldBe([sku]);
    }

    private static Task<HttpResponseMessage> EditAsync(HttpClient client, string sku, object edit) => client.PutAsJsonAsync($"{Products}/{sku}", edit);

    private static Task<HttpResponseMessage> PriceAsync(HttpClient client, string sku, long amount) =>
        client.PutAsJsonAsync($"{Products}/{sku}/price", new { price = new { amount, currency = "EUR" } });
}
