using ModularShop.Customers.Contracts;

namespace Modules.Tests.Ordering;

[Collection(OrderingCollection.Name)]
public sealed class MergeTests(OrderingShop shop)
{
    [Fact]
    public async Task At_log_in_the_anonymous_cart_is_added_to_the_customers_own()
    {
        using var shopper = new Shopper(shop);
        var (kettle, mug) = (shop.Catalog.Sells(1999), shop.Catalog.Sells(450));
        var own = await shopper.FillsCartAsync(600, kettle);
        var anonymous = await AnonymousCartAsync((kettle, 500), (mug, 2));

        await LogInAsync(shopper, anonymous);

        (await LinesAsync(shopper)).ShouldBe([(kettle, 999), (mug, 2)]);
        (await shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldBeAsync(200))["id"]!.GetValue<Guid>().ShouldBe(own);
        var closed = await shopper.Http.GetAsync(Shopper.Url($"carts/{anonymous}")).ShouldBeAsync(200);
        closed["status"]!.GetValue<string>().ShouldBe("merged");
        await shopper.PutsAsync(anonymous, kettle, 1).ShouldFailAsync(409, "ordering.cart_closed");
    }

    [Fact]
    public async Task A_customer_without_a_cart_gets_one_with_the_anonymous_lines()
    {
        using var shopper = new Shopper(shop);
        var sku = shop.Catalog.Sells(1999);

        await LogInAsync(shopper, await AnonymousCartAsync((sku, 3)));

        (await LinesAsync(shopper)).ShouldBe([(sku, 3)]);
    }

    [Fact]
    public async Task Logging_in_twice_with_the_same_cart_adds_it_once()
    {
        using var shopper = new Shopper(shop);
        var sku = shop.Catalog.Sells(1999);
        var anonymous = await AnonymousCartAsync((sku, 3));

        await LogInAsync(shopper, anonymous);
        await LogInAsync(shopper, anonymous);

        (await LinesAsync(shopper)).ShouldBe([(sku, 3)]);
    }

    [Fact]
    public async Task Nobody_elses_cart_is_merged_and_no_cart_or_an_unknown_one_does_no_harm()
    {
        using var shopper = new Shopper(shop);
        using var victim = new Shopper(shop);
        var theirs = await victim.FillsCartAsync(1, shop.Catalog.Sells(1999));

        await LogInAsync(shopper, theirs);
        await LogInAsync(shopper, Guid.CreateVersion7());
        await LogInAsync(shopper, null);

        (await LinesAsync(victim)).Count.ShouldBe(1);
        await shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldFailAsync(404, "ordering.cart_not_found");
    }

    [Fact]
    public async Task Lines_in_another_currency_stay_in_the_anonymous_cart()
    {
        using var shopper = new Shopper(shop);
        var (euros, dollars) = (shop.Catalog.Sells(100), shop.Catalog.Sells(100, "USD"));
        await shopper.FillsCartAsync(1, euros);
        var anonymous = await AnonymousCartAsync((dollars, 2));

        await LogInAsync(shopper, anonymous);

        (await LinesAsync(shopper)).ShouldBe([(euros, 1)]);
        var left = await shopper.Http.GetAsync(Shopper.Url($"carts/{anonymous}")).ShouldBeAsync(200);
        left["status"]!.GetValue<string>().ShouldBe("open");
        left["lines"]!.AsArray().Count.ShouldBe(1);
    }

    private async Task<Guid> AnonymousCartAsync(params (string Sku, int Quantity)[] lines)
    {
        using var nobody = shop.Anonymous();
        var cart = (await nobody.PostAsync(Shopper.Url("carts"), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        foreach (var (sku, quantity) in lines)
        {
            await nobody.PutAsJsonAsync(Shopper.Url($"carts/{cart}/lines/{sku}"), new { quantity }).ShouldHaveStatusAsync(200);
        }

        return cart;
    }

    private Task LogInAsync(Shopper shopper, Guid? cart) =>
        shop.DeliverAsync("Ordering", "Customers", $"customer/{shopper.Id}", new CustomerLoggedIn(shopper.Id, cart));

    private static async Task<List<(string Sku, int Quantity)>> LinesAsync(Shopper shopper) =>
        [.. (await shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldBeAsync(200))["lines"]!.AsArray().Select(l => (l!["sku"]!.GetValue<string>(), l["quantity"]!.GetValue<int>()))];
}
