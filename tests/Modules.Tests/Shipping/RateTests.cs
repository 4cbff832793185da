using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class RateTests(ShippingShop shop)
{
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

    [Fact]
    public async Task Country_and_currency_may_be_written_in_lower_case() => (await QuotesAsync("country=de&weightGrams=100&currency=eur")).Count.ShouldBe(2);

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
    public async Task A_price_an_operator_changes_is_quoted_at_once_and_survives_a_restart()
    {
        using var operators = shop.Operator();
        await PriceAsync(operators, "world/express/5000", 9999, "USD").ShouldHaveStatusAsync(204);
        await SeedAgainAsync();
        var quoted = (await QuotesAsync("country=AU&weightGrams=4000&currency=USD")).Single(r => r.Text("serviceCode") == "express");
        quoted["price"]!["amount"]!.GetValue<long>().ShouldBe(9999);
        (await QuotesAsync("country=AU&weightGrams=4000&currency=EUR")).Single(r => r.Text("serviceCode") == "express")["price"]!["amount"]!.GetValue<long>().ShouldNotBe(9999);
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
