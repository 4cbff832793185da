using System.Net;
using System.Text;

namespace Modules.Tests.Ordering;

[Collection(OrderingCollection.Name)]
public sealed class CartTests(OrderingShop shop)
{
    [Fact]
    public async Task An_anonymous_cart_is_filled_changed_and_emptied_by_whoever_knows_its_id()
    {
        using var nobody = shop.Anonymous();
        var (kettle, mug) = (shop.Catalog.Sells(1999), shop.Catalog.Sells(450, name: "Mug"));
        using var made = await nobody.PostAsync(Shopper.Url("carts"), null);
        var cart = (await made.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>())!["id"]!.GetValue<Guid>();
        made.Headers.Location!.ToString().ShouldBe($"{Shopper.Api}/carts/{cart}");

        await Put(nobody, cart, kettle, 2).ShouldHaveStatusAsync(200);
        await Put(nobody, cart, mug.ToLowerInvariant(), 3).ShouldHaveStatusAsync(200);
        var filled = await Put(nobody, cart, kettle, 1).ShouldBeAsync(200);

        filled["lines"]!.AsArray().Select(l => (l!["sku"]!.GetValue<string>(), l["quantity"]!.GetValue<int>())).ShouldBe([(kettle, 1), (mug, 3)]);
        filled["total"]!["amount"]!.GetValue<long>().ShouldBe(1999 + (3 * 450));
        await nobody.DeleteAsync(Shopper.Url($"carts/{cart}/lines/{kettle}")).ShouldHaveStatusAsync(200);
        var emptied = await Put(nobody, cart, mug, 0).ShouldBeAsync(200);
        emptied["lines"]!.AsArray().ShouldBeEmpty();
        emptied["total"].ShouldBeNull();
        using var somebodyElse = shop.Anonymous();
        await somebodyElse.GetAsync(Shopper.Url($"carts/{cart}")).ShouldHaveStatusAsync(200);
    }

    [Fact]
    public async Task Whoever_comes_with_a_token_that_has_expired_is_told_so_and_not_taken_for_a_stranger()
    {
        using var expired = shop.ExpiredCustomer();
        using var nobody = shop.Anonymous();
        var sku = shop.Catalog.Sells(100);
        using var made = await nobody.PostAsync(Shopper.Url("carts"), null);
        var cart = (await made.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>())!["id"]!.GetValue<Guid>();

        await expired.PostAsync(Shopper.Url("carts"), null).ShouldFailAsync(401, "request.unauthenticated");
        await expired.GetAsync(Shopper.Url($"carts/{cart}")).ShouldFailAsync(401, "request.unauthenticated");
        await Put(expired, cart, sku, 1).ShouldFailAsync(401, "request.unauthenticated");
        await expired.DeleteAsync(Shopper.Url($"carts/{cart}/lines/{sku}")).ShouldFailAsync(401, "request.unauthenticated");
        await expired.GetAsync(Shopper.Url($"carts/{cart}/shipping-rates?country=DE")).ShouldFailAsync(401, "request.unauthenticated");
        await Put(nobody, cart, sku, 1).ShouldHaveStatusAsync(200);
    }

    [Fact]
    public async Task A_customers_cart_answers_to_that_customer_only()
    {
        using var shopper = new Shopper(shop);
        using var stranger = new Shopper(shop);
        using var nobody = shop.Anonymous();
        using var operators = shop.Operator();
        var sku = shop.Catalog.Sells(100);
        var cart = await shopper.FillsCartAsync(1, sku);

        foreach (var other in new[] { stranger.Http, nobody, operators })
        {
            await other.GetAsync(Shopper.Url($"carts/{cart}")).ShouldFailAsync(404, "ordering.cart_not_found");
            await Put(other, cart, sku, 5).ShouldFailAsync(404, "ordering.cart_not_found");
            await other.DeleteAsync(Shopper.Url($"carts/{cart}/lines/{sku}")).ShouldFailAsync(404, "ordering.cart_not_found");
            await other.GetAsync(Shopper.Url($"carts/{cart}/shipping-rates?country=DE")).ShouldFailAsync(404, "ordering.cart_not_found");
        }

        await stranger.ChecksOutAsync(cart).ShouldFailAsync(404, "ordering.cart_not_found");
        (await shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldBeAsync(200))["id"]!.GetValue<Guid>().ShouldBe(cart);
        await stranger.Http.GetAsync(Shopper.Url("carts/mine")).ShouldFailAsync(404, "ordering.cart_not_found");
        await nobody.GetAsync(Shopper.Url("carts/mine")).ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task A_customer_has_one_open_cart_however_many_are_asked_for_at_once()
    {
        using var shopper = new Shopper(shop);

        var carts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shopper.FillsCartAsync(1)));

        carts.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Lines_put_at_the_same_time_are_all_kept()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1);
        var skus = Enumerable.Range(1, 8).Select(i => shop.Catalog.Sells(i * 100)).ToList();

        await Task.WhenAll(skus.Select(sku => shopper.PutsAsync(cart, sku, 1).ShouldHaveStatusAsync(200)));

        var lines = (await shopper.Http.GetAsync(Shopper.Url($"carts/{cart}")).ShouldBeAsync(200))["lines"]!.AsArray();
        lines.Select(l => l!["sku"]!.GetValue<string>()).ShouldBe(skus, ignoreOrder: true);
    }

    [Fact]
    public async Task A_quantity_that_was_decided_on_another_one_is_refused_and_nothing_is_done()
    {
        using var shopper = new Shopper(shop);
        var (cart, sku) = (await shopper.FillsCartAsync(1), shop.Catalog.Sells(100));
        await See(shopper, cart, sku, 2, seen: 0).ShouldHaveStatusAsync(200);

        (await See(shopper, cart, sku, 5, seen: 0).ShouldFailAsync(409, "ordering.line_changed"))["detail"]!.GetValue<string>().ShouldContain($"has 2 of {sku} by now, not 0");
        await See(shopper, cart, sku, 0, seen: 3).ShouldFailAsync(409, "ordering.line_changed");
        (await QuantityAsync(shopper, cart, sku)).ShouldBe(2);

        await See(shopper, cart, sku, 5, seen: 2).ShouldHaveStatusAsync(200);
        await shopper.PutsAsync(cart, sku, 6).ShouldHaveStatusAsync(200);
        (await QuantityAsync(shopper, cart, sku)).ShouldBe(6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Of_changes_at_once_that_have_seen_the_same_one_is_done(int before)
    {
        using var shopper = new Shopper(shop);
        var (cart, sku) = (await shopper.FillsCartAsync(1), shop.Catalog.Sells(100));
        await shopper.PutsAsync(cart, sku, before).ShouldHaveStatusAsync(200);

        var answers = await Task.WhenAll(Enumerable.Range(10, 8).Select(async quantity => (Quantity: quantity, (await See(shopper, cart, sku, quantity, before)).StatusCode)));

        var done = answers.Where(a => a.StatusCode == HttpStatusCode.OK).ShouldHaveSingleItem();
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK || a.StatusCode == HttpStatusCode.Conflict);
        (await QuantityAsync(shopper, cart, sku)).ShouldBe(done.Quantity);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task A_quantity_outside_0_to_999_is_refused(int quantity)
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1);

        var problem = await shopper.PutsAsync(cart, shop.Catalog.Sells(100), quantity).ShouldFailAsync(400, "request.invalid");

        problem["errors"]!["quantity"]![0]!.GetValue<string>().ShouldContain("999");
    }

    [Theory]
    [InlineData("{\"quantity\":1.5}")]
    [InlineData("{\"quantity\":\"2\"}")]
    [InlineData("{\"quantity\":99999999999999}")]
    [InlineData("{\"quantity\":null}")]
    [InlineData("{\"quantity\":1,\"price\":1}")]
    [InlineData("{}")]
    [InlineData("{\"quantity\":")]
    public async Task A_body_that_is_not_what_is_documented_is_refused(string body)
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        await shopper.Http.PutAsync(Shopper.Url($"carts/{cart}/lines/{shop.Catalog.Sells(100)}"), content).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task What_is_not_sold_cannot_be_put_into_a_cart()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1);
        var gone = shop.Catalog.Sells(100);
        shop.Catalog.Discontinues(gone);

        await shopper.PutsAsync(cart, "NO-SUCH", 1).ShouldFailAsync(404, "ordering.product_not_found");
        (await shopper.PutsAsync(cart, gone, 1).ShouldFailAsync(409, "ordering.product_discontinued"))["detail"]!.GetValue<string>().ShouldContain(gone);
        await shopper.PutsAsync(cart, new string('X', 41), 1).ShouldFailAsync(400, "request.invalid");
        await shopper.PutsAsync(cart, "%20", 1).ShouldFailAsync(400, "request.invalid");
        await shopper.PutsAsync(Guid.CreateVersion7(), gone, 1).ShouldFailAsync(404, "ordering.cart_not_found");
        await shopper.Http.GetAsync(Shopper.Url("carts/not-an-id")).ShouldFailAsync(404, "request.not_found");
    }

    [Fact]
    public async Task A_cart_has_one_currency_which_its_first_product_decides()
    {
        using var shopper = new Shopper(shop);
        var (euros, dollars) = (shop.Catalog.Sells(100), shop.Catalog.Sells(100, "USD"));
        var cart = await shopper.FillsCartAsync(1, euros);

        await shopper.PutsAsync(cart, dollars, 1).ShouldFailAsync(409, "ordering.currency_mixed");
        await shopper.PutsAsync(cart, euros, 0).ShouldHaveStatusAsync(200);

        await shopper.PutsAsync(cart, dollars, 1).ShouldHaveStatusAsync(200);
    }

    [Fact]
    public async Task The_hundred_and_first_product_is_refused()
    {
        using var shopper = new Shopper(shop);
        var skus = Enumerable.Range(0, 100).Select(_ => shop.Catalog.Sells(100)).ToArray();
        var cart = await shopper.FillsCartAsync(1, skus);

        (await shopper.PutsAsync(cart, shop.Catalog.Sells(100), 1).ShouldFailAsync(409, "ordering.cart_full"))["detail"]!.GetValue<string>().ShouldContain("100");

        await shopper.PutsAsync(cart, skus[50], 7).ShouldHaveStatusAsync(200);
    }

    [Fact]
    public async Task The_rates_of_a_cart_say_what_the_order_will_come_to()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(2, shop.Catalog.Sells(1000));

        var rates = (await shopper.Http.GetAsync(Shopper.Url($"carts/{cart}/shipping-rates?country=DE")).ShouldBeAsync(200))["items"]!.AsArray();

        rates.Select(r => (r!["service"]!.GetValue<string>(), r["total"]!["amount"]!.GetValue<long>())).ShouldBe([("standard", 2490), ("express", 3290)]);
        await shopper.Http.GetAsync(Shopper.Url($"carts/{cart}/shipping-rates?country=Germany")).ShouldFailAsync(400, "request.invalid");
        await shopper.Http.GetAsync(Shopper.Url($"carts/{cart}/shipping-rates")).ShouldFailAsync(400, "request.malformed");
    }

    private static Task<HttpResponseMessage> See(Shopper shopper, Guid cart, string sku, int quantity, int seen) =>
        shopper.Http.PutAsJsonAsync(Shopper.Url($"carts/{cart}/lines/{sku}"), new { quantity, seen });

    private static async Task<int> QuantityAsync(Shopper shopper, Guid cart, string sku) =>
        (await shopper.Http.GetAsync(Shopper.Url($"carts/{cart}")).ShouldBeAsync(200))["lines"]!.AsArray().Single(l => l!["sku"]!.GetValue<string>() == sku)!["quantity"]!.GetValue<int>();

    private static Task<HttpResponseMessage> Put(HttpClient client, Guid cart, string sku, int quantity) =>
        client.PutAsJsonAsync(Shopper.Url($"carts/{cart}/lines/{sku}"), new { quantity });
}
