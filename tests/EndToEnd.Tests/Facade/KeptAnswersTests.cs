using System.Net;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace EndToEnd.Tests.Facade;

/// <summary>Answers that are kept never hide who should answer now, nor what a client has written.</summary>
public sealed class KeptAnswersTests(KeptAnswersTests.KeepingHost host) : IClassFixture<KeptAnswersTests.KeepingHost>
{
    private const string Origin = "https://shop.example";
    [Fact]
    public async Task A_flip_is_seen_at_once_and_an_answer_says_who_gave_it_by_which_revision()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.ListProducts": "Monolith" """);
        for (var flip = 0; flip < 3; flip++)
        {
            await shop.RouteAsync($$"""  "Catalog.GetProduct": "Monolith", "Catalog.GetStock": { "Mode": "Monolith", "TimeoutSeconds": {{flip + 1}} } """);
            await ShouldAnswerAsync(shop, "monolith", shop.Sku, kept: false);
            await ShouldAnswerAsync(shop, "monolith", shop.Sku, kept: true);
            await shop.RouteAsync($$"""  "Catalog.GetProduct": "Service", "Catalog.GetStock": { "Mode": "Monolith", "TimeoutSeconds": {{flip + 1}} } """);
            await ShouldAnswerAsync(shop, "catalog-service", "DOUBLE", kept: false);
            await ShouldAnswerAsync(shop, "catalog-service", "DOUBLE", kept: false);
        }
    }

    [Fact]
    public async Task In_the_mode_Shadow_every_answer_is_fresh_and_compared()
    {
        var shop = host.Shop;
        await shop.RouteAsync("");
        await ShouldAnswerAsync(shop, "monolith", shop.Sku, kept: false);
        await ShouldAnswerAsync(shop, "monolith", shop.Sku, kept: true);
        await shop.RouteAsync("""  "Catalog.GetProduct": "Shadow" """);
        for (var i = 0; i < 5; i++)
        {
            await ShouldAnswerAsync(shop, "monolith", shop.Sku, kept: false);
        }

        await shop.ShadowAsync(f => f["compared"]!.GetValue<long>() == 5, "five comparisons");
    }

    [Fact]
    public async Task In_the_mode_Canary_every_visitor_gets_a_cookie_of_his_own_and_the_side_that_goes_with_it()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Canary", "Percent": 50 } """);
        using var strangers = shop.WithoutCookies();
        var cookies = new HashSet<string>(StringComparer.Ordinal);
        var sides = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 40; i++)
        {
            using var response = await shop.GetProductAsync(strangers);
            var cookie = response.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().Split(';')[0];
            cookies.Add(cookie).ShouldBeTrue("another visitor");
            var side = response.AnsweredBy();
            sides.Add(side);
            (await response.Content.ReadAsStringAsync()).ShouldContain(side == "monolith" ? shop.Sku : "DOUBLE");
            using var again = await shop.GetProductAsync(strangers, ("Cookie", cookie));
            again.AnsweredBy().ShouldBe(side);
            again.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }

        sides.ShouldBe(["monolith", "catalog-service"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_page_of_an_origin_that_may_not_read_is_not_given_the_permission_of_one_that_may()
    {
        var shop = host.Shop;
        await shop.RouteAsync("");
        foreach (var (from, allowed) in new[] { (Origin, true), ("https://elsewhere.example", false), (Origin, true) })
        {
            using var response = await shop.GetProductAsync(null, ("Origin", from));
            response.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(allowed, from);
        }

        using var none = await shop.GetProductAsync();
        none.Headers.Age.ShouldNotBeNull("it is the same answer");
        none.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task Who_has_changed_a_price_reads_the_new_one_at_once_wherever_the_data_and_the_endpoint_are()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await using var deployment = await Deployment.StartAsync(
            database, ["Catalog"], _ => [("RateLimits:RequestsPerSecond", "100000"), ("AnswerCache:MaxAgeSeconds", "60")]);
        using var operators = await deployment.Host.LogInOperatorAsync();
        var price = 1000;
        foreach (var owner in new[] { Owner.Monolith, Owner.Service })
        {
            if (owner is Owner.Service)
            {
                await operators.ChangeOwnerAsync("Catalog");
            }

            foreach (var mode in new[] { "Monolith", "Service" })
            {
                var side = mode == "Service" ? "catalog-service" : "monolith";
                deployment.Route(("Catalog.GetProduct", mode), ("Catalog.GetStock", new { Mode = "Monolith", TimeoutSeconds = owner is Owner.Service ? 9 : 8 }));
                await Eventually.TrueAsync(async () => (await GetAsync(deployment.Host.Client)).AnsweredBy() == side, $"{side} to answer");
                await Eventually.TrueAsync(async () => (await GetAsync(deployment.Host.Client)).Headers.GetValues("X-Answered-By").Single().EndsWith($"owner={owner.ToString().ToLowerInvariant()}", StringComparison.Ordinal), $"{owner} to be the owner");
                for (var i = 0; i < (mode == owner.ToString() ? 200 : 20); i++)
                {
                    await operators.PutAsJsonAsync($"{Knife}/price", new { price = new { amount = ++price, currency = "EUR" } }).ShouldHaveStatusAsync(204);
                    (await GetAsync(deployment.Host.Client).ShouldBeAsync(200))["price"]!["amount"]!.GetValue<int>().ShouldBe(price, $"owned by {owner}, mode {mode}");
                }

                using var again = await GetAsync(deployment.Host.Client);
                again.AnsweredBy().ShouldBe(side);
                (again.Headers.Age is not null).ShouldBe(mode == owner.ToString(), "who does not write the data does not know when it changes, and keeps nothing");
            }
        }
    }

    private const string Knife = "/api/v1/catalog/products/KIT-0101";

    private static Task<HttpResponseMessage> GetAsync(HttpClient client) => client.GetAsync(new Uri(Knife, UriKind.Relative));

    private static async Task ShouldAnswerAsync(RoutedHost shop, string side, string sku, bool kept)
    {
        using var response = await shop.GetProductAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.AnsweredBy().ShouldBe(side);
        response.Headers.GetValues("X-Answered-By").Single().ShouldContain($"revision={(await shop.RoutingAsync())["revision"]};");
        (await response.Content.ReadAsStringAsync()).ShouldContain(sku);
        (response.Headers.Age is not null).ShouldBe(kept);
    }

    public sealed class KeepingHost : SharedHost
    {
        protected override (string Key, string Value)[] Settings => [("AnswerCache:MaxAgeSeconds", "60"), ("Cors:Origins:0", Origin)];
    }
}
