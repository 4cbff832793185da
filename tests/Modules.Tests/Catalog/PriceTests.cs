namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class PriceTests(ShopFixture shop)
{
    [Fact]
    public async Task A_price_of_a_product_that_does_not_exist_cannot_be_changed()
    {
        using var operators = shop.Operator();
        await operators.PutAsJsonAsync("/api/v1/catalog/products/nope/price", new { price = new { amount = 100, currency = "EUR" } })
            .ShouldFailAsync(404, "catalog.product_not_found");
    }

    [Fact]
    public async Task A_customer_cannot_change_a_price()
    {
        using var customer = shop.Customer();
        await customer.PutAsJsonAsync("/api/v1/catalog/products/nope/price", new { price = new { amount = 100, currency = "EUR" } })
            .ShouldFailAsync(403, "request.forbidden");
    }

    [Fact]
    public async Task An_unknown_currency_is_named()
    {
        using var operators = shop.Operator();
        var problem = await operators.PutAsJsonAsync("/api/v1/catalog/products/nope/price", new { price = new { amount = -1, currency = "XXX" } })
            .ShouldFailAsync(400, "request.invalid");
        problem["errors"]!["price.currency"]![0]!.GetValue<string>().ShouldContain("XXX");
        problem["errors"]!["price.amount"].ShouldNotBeNull();
    }
}
