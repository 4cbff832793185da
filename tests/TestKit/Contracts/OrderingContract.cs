using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Security;
using Shouldly;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>What Ordering's API promises, wherever the module runs and whoever answers: the other modules are real ones, wherever those run.</summary>
public abstract class OrderingContract(IShopClients shop)
{
    private const string Api = "/api/v1/ordering";

    [Fact]
    public async Task An_anonymous_cart_is_filled_priced_and_emptied_by_whoever_knows_its_id()
    {
        var sku = await shop.AddProductAsync(price: 1999);
        using var nobody = shop.Anonymous();
        var cart = await CartAsync(nobody);
        await PutAsync(nobody, cart, sku, 2).ShouldHaveStatusAsync(200);
        var filled = await nobody.GetAsync(At($"carts/{cart}")).ShouldBeAsync(200);
        filled["lines"]!.AsArray().ShouldHaveSingleItem()!["sku"]!.GetValue<string>().ShouldBe(sku);
        filled["total"]!["amount"]!.GetValue<long>().ShouldBe(2 * 1999);
        (await nobody.GetAsync(At($"carts/{cart}/shipping-rates?country=DE")).ShouldBeAsync(200))["items"]!.AsArray().ShouldNotBeEmpty();
        (await nobody.DeleteAsync(At($"carts/{cart}/lines/{sku}")).ShouldBeAsync(200))["lines"]!.AsArray().ShouldBeEmpty();
        await PutAsync(nobody, cart, "NOT-THERE", 1).ShouldFailAsync(404, "ordering.product_not_found");
        await PutAsync(nobody, cart, sku, -1).ShouldFailAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_customers_cart_answers_to_that_customer_alone()
    {
        var sku = await shop.AddProductAsync();
        using var customer = shop.Customer();
        var cart = await CartAsync(customer);
        await PutAsync(customer, cart, sku, 1).ShouldHaveStatusAsync(200);
        (await customer.GetAsync(At("carts/mine")).ShouldBeAsync(200))["id"]!.GetValue<Guid>().ShouldBe(cart);
        using var stranger = shop.Customer();
        using var nobody = shop.Anonymous();
        foreach (var other in new[] { stranger, nobody })
        {
            await other.GetAsync(At($"carts/{cart}")).ShouldFailAsync(404, "ordering.cart_not_found");
            await PutAsync(other, cart, sku, 5).ShouldFailAsync(404, "ordering.cart_not_found");
        }

        await nobody.GetAsync(At("carts/mine")).ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task A_checkout_is_confirmed_when_stock_money_and_parcel_are_promised()
    {
        var sku = await shop.AddProductAsync(price: 2500, stock: 10);
        var id = Guid.CreateVersion7();
        using var customer = shop.Customer(id);
        var order = await BuyAsync(customer, sku, 3, Shopper.ApprovedCard);
        await BecomesAsync(customer, order, "confirmed", "shipped", "delivered", "completed");
        (await shop.StockAsync(sku)).Available.ShouldBe(7);
        (await customer.GetAsync(At($"orders/{order}")).ShouldBeAsync(200))["itemsTotal"]!["amount"]!.GetValue<long>().ShouldBe(7500);

        // What is told by messages of Ordering's own and of others, in their time.
        await Eventually.TrueAsync(
            async () => (await customer.GetAsync(At($"orders/{order}/history")).ShouldBeAsync(200))["items"]!.AsArray().Count >= 4, "the order's history to be told");
        await Eventually.TrueAsync(
            async () => (await customer.GetAsync(At("orders")).ShouldBeAsync(200))["items"]!.AsArray().Any(o => o!["id"]!.GetValue<Guid>() == order), "the order to be listed");
        using var operators = shop.Operator();
        (await operators.GetAsync(At($"orders/{order}/saga")).ShouldBeAsync(200))["steps"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task A_card_that_is_declined_rejects_the_order_and_releases_its_stock()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        using var customer = shop.Customer();
        var order = await BuyAsync(customer, sku, 4, Shopper.DeclinedCard);
        var rejected = await BecomesAsync(customer, order, "rejected");
        rejected["reason"]!.GetValue<string>().ShouldNotBeEmpty();
        await Eventually.TrueAsync(async () => (await shop.StockAsync(sku)).Available == 10, "the stock to be released");
    }

    [Fact]
    public async Task The_same_checkout_sent_again_is_the_same_order()
    {
        var sku = await shop.AddProductAsync();
        using var customer = shop.Customer();
        var (cart, card) = (await CartAsync(customer), await CardAsync(customer, Shopper.ApprovedCard));
        await PutAsync(customer, cart, sku, 1).ShouldHaveStatusAsync(200);
        var key = Guid.CreateVersion7().ToString();
        var first = await CheckOutAsync(customer, cart, card, key).ShouldBeAsync(201);
        (await CheckOutAsync(customer, cart, card, key).ShouldBeAsync(201)).ToJsonString().ShouldBe(first.ToJsonString());
        await CheckOutAsync(customer, cart, card, key, service: "express").ShouldFailAsync(422, "ordering.idempotency_key_reused");
        await CheckOutAsync(customer, cart, card, Guid.CreateVersion7().ToString()).ShouldFailAsync(409, "ordering.cart_closed");
    }

    [Fact]
    public async Task An_order_that_is_cancelled_gives_its_stock_back()
    {
        var sku = await shop.AddProductAsync(stock: 5);
        using var customer = shop.Customer();
        var order = await BuyAsync(customer, sku, 2, Shopper.ApprovedCard);
        await customer.PostAsJsonAsync($"{Api}/orders/{order}/cancel", new { }).ShouldHaveStatusAsync(200);
        await BecomesAsync(customer, order, "cancelled");
        await Eventually.TrueAsync(async () => (await shop.StockAsync(sku)).Available == 5, "the stock to be released");
        await customer.PostAsJsonAsync($"{Api}/orders/{order}/cancel", new { }).ShouldHaveStatusAsync(200);
    }

    [Fact]
    public async Task A_customer_sees_own_orders_and_nobody_elses()
    {
        var sku = await shop.AddProductAsync();
        using var customer = shop.Customer();
        var order = await BuyAsync(customer, sku, 1, Shopper.ApprovedCard);
        using var stranger = shop.Customer();
        foreach (var path in new[] { $"orders/{order}", $"orders/{order}/history" })
        {
            await customer.GetAsync(At(path)).ShouldHaveStatusAsync(200);
            await stranger.GetAsync(At(path)).ShouldFailAsync(404, "ordering.order_not_found");
        }

        await stranger.PostAsJsonAsync($"{Api}/orders/{order}/cancel", new { }).ShouldFailAsync(404, "ordering.order_not_found");
        (await stranger.GetAsync(At("orders")).ShouldBeAsync(200))["items"]!.AsArray().ShouldBeEmpty();
        await customer.GetAsync(At("orders/all")).ShouldFailAsync(403, "request.forbidden");
        await customer.GetAsync(At($"orders/{order}/saga")).ShouldFailAsync(403, "request.forbidden");
        using var operators = shop.Operator();
        await operators.GetAsync(At($"orders/{order}")).ShouldHaveStatusAsync(200);
    }

    [Fact]
    public async Task Without_a_valid_token_no_order_is_seen()
    {
        using var nobody = shop.Anonymous();
        using var forged = shop.With(TestTokens.Forge(Guid.CreateVersion7(), Access.Operator, TimeProvider.System.GetUtcNow()));
        foreach (var client in new[] { nobody, forged })
        {
            await client.GetAsync(At("orders")).ShouldFailAsync(401, "request.unauthenticated");
            await client.GetAsync(At("orders/all")).ShouldFailAsync(401, "request.unauthenticated");
            await client.GetAsync(At($"orders/{Guid.CreateVersion7()}")).ShouldFailAsync(401, "request.unauthenticated");
        }
    }

    [Theory]
    [InlineData("status=lost", "request.invalid")]
    [InlineData("size=0", "request.invalid")]
    [InlineData("size=101", "request.invalid")]
    [InlineData("size=many", "request.malformed")]
    [InlineData("after=nonsense", "request.cursor")]
    public async Task A_list_that_cannot_be_is_refused(string query, string code)
    {
        using var operators = shop.Operator();
        await operators.GetAsync(At($"orders/all?{query}")).ShouldFailAsync(400, code);
    }

    private static Uri At(string path) => new($"{Api}/{path}", UriKind.Relative);

    private static async Task<Guid> CartAsync(HttpClient client) => (await client.PostAsync(At("carts"), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, Guid cart, string sku, int quantity) => client.PutAsJsonAsync($"{Api}/carts/{cart}/lines/{sku}", new { quantity });

    private static async Task<string> CardAsync(HttpClient customer, string number) =>
        (await customer.PostAsJsonAsync("/api/v1/payments/cards", new { number, expiryMonth = 12, expiryYear = TimeProvider.System.GetUtcNow().Year + 3, cvc = "123" })
            .ShouldBeAsync(200))["token"]!.GetValue<string>();

    private static async Task<HttpResponseMessage> CheckOutAsync(HttpClient customer, Guid cart, string cardToken, string key, string service = "standard")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At($"carts/{cart}/checkout"));
        request.Headers.Add("Idempotency-Key", key);
        request.Content = JsonContent.Create(new { service, cardToken, address = Shopper.Berlin });
        return await customer.SendAsync(request);
    }

    private static async Task<Guid> BuyAsync(HttpClient customer, string sku, int quantity, string card)
    {
        var cart = await CartAsync(customer);
        await PutAsync(customer, cart, sku, quantity).ShouldHaveStatusAsync(200);
        return (await CheckOutAsync(customer, cart, await CardAsync(customer, card), Guid.CreateVersion7().ToString()).ShouldBeAsync(201))["orderId"]!.GetValue<Guid>();
    }

    private static Task<JsonNode> BecomesAsync(HttpClient customer, Guid order, params string[] statuses) => Eventually.GetAsync(
        async () => await customer.GetAsync(At($"orders/{order}")).ShouldBeAsync(200) is var found && statuses.Contains(found["status"]!.GetValue<string>(), StringComparer.Ordinal) ? found : null,
        $"the order to become {string.Join(" or ", statuses)}");
}
