using System.Text;
using System.Text.Json.Nodes;
using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;

namespace Modules.Tests.Ordering;

[Collection(OrderingCollection.Name)]
public sealed class CheckoutTests(OrderingShop shop)
{
    [Fact]
    public async Task A_checkout_places_an_order_and_asks_for_its_stock()
    {
        using var shopper = new Shopper(shop);
        var (kettle, mug) = (shop.Catalog.Sells(1999), shop.Catalog.Sells(450));
        var cart = await shopper.FillsCartAsync(2, kettle, mug);

        using var response = await shopper.ChecksOutAsync(cart);

        ((int)response.StatusCode).ShouldBe(201);
        var receipt = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        var id = receipt["orderId"]!.GetValue<Guid>();
        response.Headers.Location!.ToString().ShouldBe($"/api/v1/ordering/orders/{id}");
        receipt["number"]!.GetValue<string>().ShouldMatch("^O-[0-9A-HJKMNP-TV-Z]{8}$");
        receipt["status"]!.GetValue<string>().ShouldBe("placed");
        receipt["total"]!["amount"]!.GetValue<long>().ShouldBe(3998 + 900 + 490);

        var order = await shopper.Http.GetAsync(response.Headers.Location).ShouldBeAsync(200);
        order["lines"]!.AsArray().Select(l => l!["sku"]!.GetValue<string>()).ShouldBe([kettle, mug]);
        order["shipping"]!["price"]!["amount"]!.GetValue<long>().ShouldBe(490);
        order["address"]!["city"]!.GetValue<string>().ShouldBe("Berlin");
        var command = await shop.PublishedAsync<ReserveStock>(m => m.OrderId == id);
        command.Lines.ShouldBe([new StockLine(kettle, 2), new StockLine(mug, 2)]);
        command.ExpiresAt.ShouldBeGreaterThan(shop.Clock.GetUtcNow().AddSeconds(270));
        await shopper.PutsAsync(cart, mug, 1).ShouldFailAsync(409, "ordering.cart_closed");
        await shopper.ChecksOutAsync(cart).ShouldFailAsync(409, "ordering.cart_closed");
        await shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldFailAsync(404, "ordering.cart_not_found");
    }

    [Fact]
    public async Task Twenty_identical_checkouts_at_once_make_one_order()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));
        var key = Guid.CreateVersion7().ToString();

        var bodies = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await shopper.ChecksOutAsync(cart, key).ShouldBeAsync(201)).ToJsonString()));
        var later = (await shopper.ChecksOutAsync(cart, key).ShouldBeAsync(201)).ToJsonString();

        bodies.Append(later).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        (await shopper.Http.GetAsync(Shopper.Url("orders")).ShouldBeAsync(200))["items"]!.AsArray().Count.ShouldBe(1);
        await shop.SettledAsync();
        var id = JsonNode.Parse(later)!["orderId"]!.GetValue<Guid>();
        shop.Published<ReserveStock>(m => m.OrderId == id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_cart_checked_out_with_many_keys_at_once_is_ordered_once()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var response = await shopper.ChecksOutAsync(cart);
            return (int)response.StatusCode;
        }));

        statuses.Count(s => s == 201).ShouldBe(1);
        statuses.ShouldAllBe(s => s == 201 || s == 409);
    }

    [Fact]
    public async Task A_key_that_made_an_order_makes_no_other_from_another_body()
    {
        using var shopper = new Shopper(shop);
        using var other = new Shopper(shop);
        var sku = shop.Catalog.Sells(1000);
        var cart = await shopper.FillsCartAsync(1, sku);
        await shopper.ChecksOutAsync(cart, "one-key-for-all").ShouldHaveStatusAsync(201);
        var next = await shopper.FillsCartAsync(1, sku);

        await shopper.ChecksOutAsync(next, "one-key-for-all").ShouldFailAsync(422, "ordering.idempotency_key_reused");
        await shopper.ChecksOutAsync(cart, "one-key-for-all", new { address = Shopper.Home, service = "express", cardToken = "tok_approved" })
            .ShouldFailAsync(422, "ordering.idempotency_key_reused");

        await other.ChecksOutAsync(await other.FillsCartAsync(1, sku), "one-key-for-all").ShouldHaveStatusAsync(201);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("with a space in it")]
    public async Task A_checkout_without_a_proper_key_is_refused(string key)
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));

        var problem = await shopper.ChecksOutAsync(cart, key).ShouldFailAsync(400, "request.invalid");

        problem["errors"]!["idempotencyKey"]![0]!.GetValue<string>().ShouldContain("8 to 100");
        await shopper.ChecksOutAsync(cart, new string('k', 101)).ShouldFailAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_price_that_changed_since_is_named_and_a_second_checkout_takes_it()
    {
        using var shopper = new Shopper(shop);
        var (kettle, mug) = (shop.Catalog.Sells(1999), shop.Catalog.Sells(450));
        var cart = await shopper.FillsCartAsync(1, kettle, mug);
        shop.Catalog.Reprices(kettle, 2499);

        var problem = await shopper.ChecksOutAsync(cart, "price-changed-1").ShouldFailAsync(409, "ordering.price_changed");

        var change = problem["changes"]!.AsArray().ShouldHaveSingleItem()!;
        (change["sku"]!.GetValue<string>(), change["old"]!["amount"]!.GetValue<long>(), change["new"]!["amount"]!.GetValue<long>()).ShouldBe((kettle, 1999, 2499));
        (await shopper.Http.GetAsync(Shopper.Url($"carts/{cart}")).ShouldBeAsync(200))["total"]!["amount"]!.GetValue<long>().ShouldBe(2499 + 450);
        (await shopper.ChecksOutAsync(cart, "price-changed-1").ShouldBeAsync(201))["total"]!["amount"]!.GetValue<long>().ShouldBe(2499 + 450 + 490);
    }

    [Fact]
    public async Task A_request_that_met_a_changed_price_never_orders_at_it_however_many_come_at_once()
    {
        using var shopper = new Shopper(shop);
        var sku = shop.Catalog.Sells(1000);
        var cart = await shopper.FillsCartAsync(1, sku);
        shop.Catalog.Reprices(sku, 9000);
        var total = new { amount = 1490, currency = "EUR" };

        var codes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
            (await (await shopper.ChecksOutAsync(cart, "price-changed-2", new { address = Shopper.Home, service = "standard", cardToken = "tok", acceptedTotal = total }))
                .Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>()));

        codes.ShouldAllBe(c => c == "ordering.price_changed" || c == "ordering.total_changed");
        codes.ShouldContain(c => c == "ordering.price_changed");
    }

    [Fact]
    public async Task A_discontinued_product_is_named_and_once_removed_the_rest_is_ordered()
    {
        using var shopper = new Shopper(shop);
        var (kettle, mug) = (shop.Catalog.Sells(1999), shop.Catalog.Sells(450));
        var cart = await shopper.FillsCartAsync(1, kettle, mug);
        shop.Catalog.Discontinues(mug);

        var problem = await shopper.ChecksOutAsync(cart).ShouldFailAsync(409, "ordering.product_discontinued");

        problem["skus"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe([mug]);
        problem["detail"]!.GetValue<string>().ShouldContain(mug);
        await shopper.PutsAsync(cart, mug, 0).ShouldHaveStatusAsync(200);
        await shopper.ChecksOutAsync(cart).ShouldHaveStatusAsync(201);
    }

    [Fact]
    public async Task A_total_other_than_the_accepted_one_places_no_order()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));

        var problem = await Accepting(1489).ShouldFailAsync(409, "ordering.total_changed");

        problem["total"]!["amount"]!.GetValue<long>().ShouldBe(1490);
        await Accepting(1490, "XXX").ShouldFailAsync(400, "request.invalid");
        await Accepting(1490).ShouldHaveStatusAsync(201);

        Task<HttpResponseMessage> Accepting(long amount, string currency = "EUR") => shopper.ChecksOutAsync(
            cart, body: new { address = Shopper.Home, service = "standard", cardToken = "tok_approved", acceptedTotal = new { amount, currency } });
    }

    [Fact]
    public async Task An_empty_cart_cannot_be_checked_out()
    {
        using var shopper = new Shopper(shop);

        await shopper.ChecksOutAsync(await shopper.FillsCartAsync(1)).ShouldFailAsync(409, "ordering.cart_empty");
    }

    [Fact]
    public async Task A_service_or_country_that_is_not_served_is_refused_with_what_there_is()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));

        var problem = await shopper.ChecksOutAsync(cart, body: new { address = Shopper.Home, service = "teleport", cardToken = "tok" })
            .ShouldFailAsync(422, "ordering.service_not_available");
        problem["services"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe(["standard", "express"]);
        await shopper.ChecksOutAsync(cart, body: new { address = Shopper.Home with { Country = "AQ" }, service = "standard", cardToken = "tok" })
            .ShouldFailAsync(422, "ordering.service_not_available");
    }

    [Fact]
    public async Task The_address_may_come_from_the_address_book_beforehand()
    {
        using var shopper = new Shopper(shop);
        using var other = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));
        var withoutAddress = new { service = "standard", cardToken = "tok_approved" };
        await shopper.ChecksOutAsync(cart, body: withoutAddress).ShouldFailAsync(422, "ordering.address_missing");
        var mine = shop.Customers.Has(shopper.Id, Shopper.Home with { City = "Potsdam" });
        var theirs = shop.Customers.Has(other.Id, Shopper.Home);

        await SendTo(new { addressId = theirs }).ShouldFailAsync(404, "ordering.address_not_found");
        await SendTo(new { }).ShouldFailAsync(400, "request.invalid");
        await SendTo(new { addressId = mine, address = Shopper.Home }).ShouldFailAsync(400, "request.invalid");
        await SendTo(new { address = Shopper.Home with { Country = "XX" } }).ShouldFailAsync(400, "request.invalid");
        await SendTo(new { addressId = mine }).ShouldHaveStatusAsync(200);

        var order = (await shopper.ChecksOutAsync(cart, body: withoutAddress).ShouldBeAsync(201))["orderId"]!.GetValue<Guid>();
        (await shopper.Http.GetAsync(Shopper.Url($"orders/{order}")).ShouldBeAsync(200))["address"]!["city"]!.GetValue<string>().ShouldBe("Potsdam");

        Task<HttpResponseMessage> SendTo(object body) => shopper.Http.PutAsJsonAsync(Shopper.Url($"carts/{cart}/address"), body);
    }

    [Fact]
    public async Task Everything_wrong_with_a_checkout_is_named_at_once()
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));
        var address = new PostalAddress("", new string('x', 201), "Berlin", "", "de");

        var problem = await shopper.ChecksOutAsync(cart, "key", new { address, service = "", cardToken = new string('t', 201) }).ShouldFailAsync(400, "request.invalid");

        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe(
            ["idempotencyKey", "address.recipient", "address.line1", "address.postalCode", "address.country", "service", "cardToken"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("{\"service\":\"standard\"}")]
    [InlineData("{\"service\":\"standard\",\"cardToken\":null}")]
    [InlineData("{\"service\":\"standard\",\"cardToken\":\"t\",\"address\":\"Berlin\"}")]
    [InlineData("{\"service\":\"standard\",\"cardToken\":\"t\",\"coupon\":\"FREE\"}")]
    [InlineData("[")]
    public async Task A_body_that_is_not_what_is_documented_is_refused(string body)
    {
        using var shopper = new Shopper(shop);
        var cart = await shopper.FillsCartAsync(1, shop.Catalog.Sells(1000));
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        content.Headers.Add("Idempotency-Key", "key-0001");

        await shopper.Http.PostAsync(Shopper.Url($"carts/{cart}/checkout"), content).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Only_customers_check_out()
    {
        using var nobody = shop.Anonymous();
        using var operators = shop.Operator();
        using var expired = shop.ExpiredCustomer();
        foreach (var (client, status, code) in new[] { (nobody, 401, "request.unauthenticated"), (expired, 401, "request.unauthenticated"), (operators, 403, "request.forbidden") })
        {
            await client.PostAsJsonAsync(Shopper.Url($"carts/{Guid.CreateVersion7()}/checkout"), new { service = "standard", cardToken = "t" }).ShouldFailAsync(status, code);
        }
    }

    [Fact]
    public async Task An_anonymous_cart_becomes_the_order_of_the_customer_who_checks_it_out()
    {
        using var nobody = shop.Anonymous();
        using var shopper = new Shopper(shop);
        var cart = (await nobody.PostAsync(Shopper.Url("carts"), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        await nobody.PutAsJsonAsync(Shopper.Url($"carts/{cart}/lines/{shop.Catalog.Sells(1000)}"), new { quantity = 1 }).ShouldHaveStatusAsync(200);

        await shopper.ChecksOutAsync(cart).ShouldHaveStatusAsync(201);

        await nobody.GetAsync(Shopper.Url($"carts/{cart}")).ShouldFailAsync(404, "ordering.cart_not_found");
    }
}
