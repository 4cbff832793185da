using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Security;
using Shouldly;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>An order whose shipment is booked.</summary>
public sealed record BookedOrder(Guid Id, Guid CustomerId);

/// <summary>What Shipping's API promises, wherever the module runs and whoever answers.</summary>
public abstract class ShippingContract(IShopClients shop)
{
    private const string Api = "/api/v1/shipping";

    /// <summary>Some order; the same one again is fine.</summary>
    protected abstract Task<BookedOrder> BookedOrderAsync();

    [Theory]
    [InlineData("DE", 1200, "EUR", "standard", 540)]
    [InlineData("AT", 1200, "EUR", "standard", 1390)]
    [InlineData("ES", 1200, "EUR", "standard", 1590)]
    [InlineData("NO", 1200, "EUR", "standard", 2190)]
    [InlineData("US", 1200, "EUR", "standard", 3290)]
    [InlineData("JP", 1200, "EUR", "standard", 3890)]
    [InlineData("GB", 1200, "GBP", "standard", 1880)]
    [InlineData("US", 1200, "USD", "standard", 3620)]
    [InlineData("DE", 1200, "EUR", "express", 1430)]
    [InlineData("DE", 15000, "EUR", "economy", 1490)]
    public async Task Each_zone_and_service_has_its_price(string country, int grams, string currency, string service, long amount)
    {
        var rate = (await QuotesAsync($"country={country}&weightGrams={grams}&currency={currency}")).Single(r => r["serviceCode"]!.GetValue<string>() == service);
        rate["price"]!["amount"]!.GetValue<long>().ShouldBe(amount);
        rate["price"]!["currency"]!.GetValue<string>().ShouldBe(currency);
        rate["maxDays"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(rate["minDays"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(1200, "standard,express")]
    [InlineData(10000, "standard,express")]
    [InlineData(10001, "economy,standard,express")]
    [InlineData(20001, "economy,standard")]
    [InlineData(31501, "economy")]
    [InlineData(70000, "economy")]
    public async Task The_services_that_take_the_weight_come_cheapest_first(int grams, string services) =>
        string.Join(',', (await QuotesAsync($"country=DE&weightGrams={grams}")).Select(r => r["serviceCode"]!.GetValue<string>())).ShouldBe(services);

    [Theory]
    [InlineData("country=XX&weightGrams=100", 422, "shipping.unknown_country")]
    [InlineData("country=Germany&weightGrams=100", 422, "shipping.unknown_country")]
    [InlineData("country=XK&weightGrams=100", 422, "shipping.unknown_country")]
    [InlineData("country=AQ&weightGrams=100", 422, "shipping.country_not_served")]
    [InlineData("country=DE&weightGrams=70001", 422, "shipping.parcel_too_heavy")]
    [InlineData("country=DE&weightGrams=2147483647", 422, "shipping.parcel_too_heavy")]
    [InlineData("country=DE&weightGrams=100&currency=doubloons", 422, "shipping.unsupported_currency")]
    [InlineData("country=DE&weightGrams=100&currency=JPY", 422, "shipping.unsupported_currency")]
    [InlineData("country=DE&weightGrams=0", 400, "request.invalid")]
    [InlineData("country=DE&weightGrams=-5", 400, "request.invalid")]
    [InlineData("country=DE&weightGrams=heavy", 400, "request.malformed")]
    [InlineData("country=DE&weightGrams=2147483648", 400, "request.malformed")]
    [InlineData("country=DE", 400, "request.malformed")]
    [InlineData("weightGrams=100", 400, "request.malformed")]
    public async Task What_cannot_be_priced_is_answered_with_the_reason(string query, int status, string code)
    {
        using var client = shop.Anonymous();
        await client.GetAsync(At($"rates?{query}")).ShouldFailAsync(status, code);
    }

    [Fact]
    public async Task An_operator_pages_through_the_whole_table()
    {
        using var operators = shop.Operator();
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await operators.GetAsync(At($"rates/table?size=40{(after is null ? "" : $"&after={after}")}")).ShouldBeAsync(200);
            seen.AddRange(page["items"]!.AsArray().Select(r => $"{r!["zone"]}/{r["service"]}/{r["band"]}"));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        seen.Count.ShouldBe(102);
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(102);
        (await operators.GetAsync(At("rates/table?zone=northAmerica&size=100")).ShouldBeAsync(200))["items"]!.AsArray().Count.ShouldBe(17);
        await operators.GetAsync(At("rates/table?zone=moon")).ShouldFailAsync(404, "shipping.rate_not_found");
        await operators.GetAsync(At("rates/table?after=nonsense")).ShouldFailAsync(400, "request.cursor");
        await operators.GetAsync(At("rates/table?size=101")).ShouldFailAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_price_an_operator_changes_is_quoted_at_once()
    {
        using var operators = shop.Operator();
        foreach (var amount in new[] { 10_001, 10_002 })
        {
            await PriceAsync(operators, "world/express/10000", amount, "USD").ShouldHaveStatusAsync(204);
            (await QuotesAsync("country=AU&weightGrams=9000&currency=USD")).Single(r => r["serviceCode"]!.GetValue<string>() == "express")["price"]!["amount"]!.GetValue<long>().ShouldBe(amount);
        }
    }

    [Theory]
    [InlineData("moon/express/5000", 100, "USD", 404, "shipping.rate_not_found")]
    [InlineData("world/pigeon/5000", 100, "USD", 404, "shipping.rate_not_found")]
    [InlineData("world/express/5001", 100, "USD", 404, "shipping.rate_not_found")]
    [InlineData("world/express/-1", 100, "USD", 404, "shipping.rate_not_found")]
    [InlineData("world/express/5000", 100, "JPY", 422, "shipping.unsupported_currency")]
    [InlineData("world/express/5000", 100, "", 422, "shipping.unsupported_currency")]
    [InlineData("world/express/5000", 0, "USD", 400, "request.invalid")]
    [InlineData("world/express/5000", -1, "USD", 400, "request.invalid")]
    [InlineData("world/express/5000", long.MaxValue, "USD", 400, "request.invalid")]
    public async Task A_price_that_cannot_be_is_refused(string rate, long amount, string currency, int status, string code)
    {
        using var operators = shop.Operator();
        await PriceAsync(operators, rate, amount, currency).ShouldFailAsync(status, code);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"price":{"amount":"12","currency":"USD"}}""")]
    [InlineData("""{"price":{"amount":1.5,"currency":"USD"}}""")]
    [InlineData("""{"price":{"amount":12,"currency":"USD"},"zone":"eu"}""")]
    public async Task A_body_that_is_no_price_is_malformed(string body)
    {
        using var operators = shop.Operator();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await operators.PutAsync(At("rates/world/express/5000"), content).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Only_operators_see_the_table_and_change_prices()
    {
        using var customer = shop.Customer();
        await customer.GetAsync(At("rates/table")).ShouldFailAsync(403, "request.forbidden");
        await PriceAsync(customer, "world/express/5000", 1, "USD").ShouldFailAsync(403, "request.forbidden");
        await customer.GetAsync(At("shipments")).ShouldFailAsync(403, "request.forbidden");
        await customer.PostAsync(At($"shipments/{Guid.CreateVersion7()}/cancel"), null).ShouldFailAsync(403, "request.forbidden");
        using var nobody = shop.Anonymous();
        await nobody.GetAsync(At("rates/table")).ShouldFailAsync(401, "request.unauthenticated");
        using var forged = shop.With(TestTokens.Forge(Guid.CreateVersion7(), Access.Operator, TimeProvider.System.GetUtcNow()));
        await PriceAsync(forged, "world/express/5000", 1, "USD").ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task A_customer_sees_the_shipment_of_an_own_order_and_nobody_elses()
    {
        var order = await BookedOrderAsync();
        using var owner = shop.Customer(order.CustomerId);
        (await owner.GetAsync(At($"shipments/{order.Id}")).ShouldBeAsync(200))["orderId"]!.GetValue<Guid>().ShouldBe(order.Id);
        using var stranger = shop.Customer();
        var theirs = await stranger.GetAsync(At($"shipments/{order.Id}")).ShouldFailAsync(404, "shipping.shipment_not_found");
        var nothing = await stranger.GetAsync(At($"shipments/{Guid.CreateVersion7()}")).ShouldFailAsync(404, "shipping.shipment_not_found");
        theirs.AsObject().Select(p => p.Key).ShouldBe(nothing.AsObject().Select(p => p.Key), "an answer does not tell whether the order exists");
        using var operators = shop.Operator();
        await operators.GetAsync(At($"shipments/{order.Id}")).ShouldHaveStatusAsync(200);
    }

    [Fact]
    public async Task Without_a_valid_token_no_shipment_is_seen()
    {
        var order = await BookedOrderAsync();
        using var nobody = shop.Anonymous();
        using var forged = shop.With(TestTokens.Forge(Guid.CreateVersion7(), Access.Operator, TimeProvider.System.GetUtcNow()));
        foreach (var client in new[] { nobody, forged })
        {
            await client.GetAsync(At($"shipments/{order.Id}")).ShouldFailAsync(401, "request.unauthenticated");
            await client.GetAsync(At("shipments")).ShouldFailAsync(401, "request.unauthenticated");
        }
    }

    [Fact]
    public async Task Whoever_knows_the_number_of_a_parcel_may_track_it_and_sees_no_address()
    {
        var order = await BookedOrderAsync();
        using var operators = shop.Operator();
        var number = (await operators.GetAsync(At($"shipments/{order.Id}")).ShouldBeAsync(200))["trackingNumber"]!.GetValue<string>();
        using var nobody = shop.Anonymous();
        var track = await nobody.GetAsync(At($"tracking/{number}")).ShouldBeAsync(200);
        track["trackingNumber"]!.GetValue<string>().ShouldBe(number);
        track["address"].ShouldBeNull();
        await nobody.GetAsync(At("tracking/UNKNOWN")).ShouldFailAsync(404, "shipping.shipment_not_found");
    }

    [Fact]
    public async Task An_operator_finds_the_shipment_in_the_list_page_by_page()
    {
        var order = await BookedOrderAsync();
        using var operators = shop.Operator();
        var seen = new List<Guid>();
        string? after = null;
        do
        {
            var page = await operators.GetAsync(At($"shipments?size=2{(after is null ? "" : $"&after={after}")}")).ShouldBeAsync(200);
            page["items"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page["items"]!.AsArray().Select(s => s!["orderId"]!.GetValue<Guid>()));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        seen.ShouldContain(order.Id);
        seen.Distinct().Count().ShouldBe(seen.Count);
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
        await operators.GetAsync(At($"shipments?{query}")).ShouldFailAsync(400, code);
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_stopped()
    {
        using var operators = shop.Operator();
        await operators.PostAsync(At($"shipments/{Guid.CreateVersion7()}/cancel"), null).ShouldFailAsync(404, "shipping.shipment_not_found");
    }

    private static Uri At(string path) => new($"{Api}/{path}", UriKind.Relative);

    private static Task<HttpResponseMessage> PriceAsync(HttpClient client, string rate, long amount, string currency) =>
        client.PutAsJsonAsync($"{Api}/rates/{rate}", new { price = new { amount, currency } });

    private async Task<IReadOnlyList<JsonNode>> QuotesAsync(string query)
    {
        using var client = shop.Anonymous();
        return [.. (await client.GetAsync(At($"rates?{query}")).ShouldBeAsync(200))["items"]!.AsArray().Select(r => r!)];
    }
}
