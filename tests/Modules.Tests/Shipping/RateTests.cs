using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class RateTests(ShippingShop shop)
{
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
        var rate = (await QuotesAsync($"country={country}&weightGrams={grams}&currency={currency}")).Single(r => r.Text("serviceCode") == service);
        rate["price"]!["amount"]!.GetValue<long>().ShouldBe(amount);
        rate["price"]!.Text("currency").ShouldBe(currency);
        rate["maxDays"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(rate["minDays"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(1, 390)]
    [InlineData(500, 390)]
    [InlineData(501, 460)]
    [InlineData(1000, 460)]
    [InlineData(1001, 540)]
    [InlineData(2000, 540)]
    [InlineData(2001, 740)]
    [InlineData(5001, 1049)]
    [InlineData(10000, 1049)]
    [InlineData(31500, 2390)]
    public async Task A_band_ends_with_its_last_gram(int grams, long amount) =>
        (await QuotesAsync($"country=DE&weightGrams={grams}&currency=EUR")).Single(r => r.Text("serviceCode") == "standard")["price"]!["amount"]!.GetValue<long>().ShouldBe(amount);

    [Theory]
    [InlineData(1200, "standard,express")]
    [InlineData(10000, "standard,express")]
    [InlineData(10001, "economy,standard,express")]
    [InlineData(20001, "economy,standard")]
    [InlineData(31501, "economy")]
    [InlineData(70000, "economy")]
    public async Task The_services_that_take_the_weight_come_cheapest_first(int grams, string services) =>
        string.Join(',', (await QuotesAsync($"country=DE&weightGrams={grams}")).Select(r => r.Text("serviceCode"))).ShouldBe(services);

    [Fact]
    public async Task Country_and_currency_may_be_written_in_lower_case() => (await QuotesAsync("country=de&weightGrams=100&currency=eur")).Count.ShouldBe(2);

    [Theory]
    [InlineData("country=XX&weightGrams=100", 422, "shipping.unknown_country")]
    [InlineData("country=Germany&weightGrams=100", 422, "shipping.unknown_country")]
    [InlineData("country=XK&weightGrams=100", 422, "shipping.unknown_country")]
    [InlineData("country=AQ&weightGrams=100", 422, "shipping.country_not_served")]
    [InlineData("country=DE&weightGrams=70001", 422, "shipping.parcel_too_heavy")]
    [InlineData("country=DE&weightGrams=2147483647", 422, "shipping.parcel_too_heavy")]
    [InlineData("country=DE&weightGrams=100&currency=JPY", 422, "shipping.unsupported_currency")]
    [InlineData("country=DE&weightGrams=100&currency=doubloons", 422, "shipping.unsupported_currency")]
    [InlineData("country=DE&weightGrams=0", 400, "request.invalid")]
    [InlineData("country=DE&weightGrams=-5", 400, "request.invalid")]
    [InlineData("country=DE&weightGrams=2147483648", 400, "request.malformed")]
    [InlineData("country=DE&weightGrams=heavy", 400, "request.malformed")]
    [InlineData("country=DE", 400, "request.malformed")]
    [InlineData("weightGrams=100", 400, "request.malformed")]
    public async Task What_cannot_be_priced_is_answered_with_the_reason(string query, int status, string code)
    {
        using var client = shop.Anonymous();
        await client.GetAsync($"/api/v1/shipping/rates?{query}").ShouldFailAsync(status, code);
    }

    [Fact]
    public async Task Other_modules_get_the_same_rates_and_none_where_nothing_goes()
    {
        await using var scope = shop.Services.CreateAsyncScope();
        var shipping = scope.ServiceProvider.GetRequiredService<IShippingApi>();
        var rates = await shipping.QuoteAsync("FR", 3000, "EUR", CancellationToken.None);
        rates.Select(r => (r.ServiceCode, r.Price.Amount)).ShouldBe([("standard", 1790L), ("express", 4420L)]);
        (await shipping.QuoteAsync("XX", 3000, "EUR", CancellationToken.None)).ShouldBeEmpty();
        (await shipping.QuoteAsync("AQ", 3000, "EUR", CancellationToken.None)).ShouldBeEmpty();
        (await shipping.QuoteAsync("FR", 80_000, "EUR", CancellationToken.None)).ShouldBeEmpty();
        (await shipping.QuoteAsync("FR", 3000, "JPY", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operator_pages_through_the_whole_table()
    {
        using var operators = shop.Operator();
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await operators.GetAsync($"/api/v1/shipping/rates/table?size=40{(after is null ? "" : $"&after={after}")}").ShouldBeAsync(200);
            seen.AddRange(page["items"]!.AsArray().Select(r => $"{r!.Text("zone")}/{r!.Text("service")}/{r!["band"]}"));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        seen.Count.ShouldBe(102);
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(102);
        (await operators.GetAsync("/api/v1/shipping/rates/table?zone=northAmerica&size=100").ShouldBeAsync(200))["items"]!.AsArray().Count.ShouldBe(17);
        await operators.GetAsync("/api/v1/shipping/rates/table?zone=moon").ShouldFailAsync(404, "shipping.rate_not_found");
        await operators.GetAsync("/api/v1/shipping/rates/table?after=nonsense").ShouldFailAsync(400, "request.cursor");
        await operators.GetAsync("/api/v1/shipping/rates/table?size=101").ShouldFailAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_price_an_operator_changes_is_quoted_at_once_and_survives_a_restart()
    {
        using var operators = shop.Operator();
        await PriceAsync(operators, "world/express/5000", 9999, "USD").ShouldHaveStatusAsync(204);
        await SeedAgainAsync();
        var quoted = (await QuotesAsync("country=AU&weightGrams=4000&currency=USD")).Single(r => r.Text("serviceCode") == "express");
        quoted["price"]!["amount"]!.GetValue<long>().ShouldBe(9999);
        (await QuotesAsync("country=AU&weightGrams=4000&currency=EUR")).Single(r => r.Text("serviceCode") == "express")["price"]!["amount"]!.GetValue<long>().ShouldNotBe(9999);
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
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        await operators.PutAsync("/api/v1/shipping/rates/world/express/5000", content).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Only_operators_see_the_table_and_change_prices()
    {
        using var customer = shop.Customer();
        await customer.GetAsync("/api/v1/shipping/rates/table").ShouldFailAsync(403, "request.forbidden");
        await PriceAsync(customer, "world/express/5000", 1, "USD").ShouldFailAsync(403, "request.forbidden");
        using var nobody = shop.Anonymous();
        await nobody.GetAsync("/api/v1/shipping/rates/table").ShouldFailAsync(401, "request.unauthenticated");
        using var forged = shop.ForgedOperator();
        await PriceAsync(forged, "world/express/5000", 1, "USD").ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task Prices_changed_at_the_same_time_are_all_kept()
    {
        // Nine: of those that meet, one always gets through, and a command makes ten attempts before it answers 409.
        using var operators = shop.Operator();
        string[] currencies = ["EUR", "USD", "GBP"];
        var amounts = currencies.SelectMany(currency => Enumerable.Range(1, 3).Select(i => (currency, amount: 40_000L + i))).ToList();
        await Task.WhenAll(amounts.Select(a => PriceAsync(operators, "europe/economy/70000", a.amount, a.currency).ShouldHaveStatusAsync(204)));
        foreach (var currency in currencies)
        {
            (await QuotesAsync($"country=NO&weightGrams=70000&currency={currency}")).Single()["price"]!["amount"]!.GetValue<long>().ShouldBeInRange(40_001, 40_003);
        }
    }

    private static Task<HttpResponseMessage> PriceAsync(HttpClient client, string rate, long amount, string currency) =>
        client.PutAsJsonAsync($"/api/v1/shipping/rates/{rate}", new { price = new { amount, currency } });

    private async Task<IReadOnlyList<JsonNode>> QuotesAsync(string query)
    {
        using var client = shop.Anonymous();
        return [.. (await client.GetAsync($"/api/v1/shipping/rates?{query}").ShouldBeAsync(200))["items"]!.AsArray().Select(r => r!)];
    }

    private async Task SeedAgainAsync()
    {
        await using var scope = shop.Services.CreateAsyncScope();
        foreach (var seed in scope.ServiceProvider.GetKeyedServices<ModularShop.Modularity.Data.IModuleSeed>("Shipping"))
        {
            await seed.SeedAsync(CancellationToken.None);
        }
    }
}
