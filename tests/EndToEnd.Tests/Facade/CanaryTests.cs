using System.Net;

namespace EndToEnd.Tests.Facade;

public sealed class CanaryTests(SharedRoutedHost host) : IClassFixture<SharedRoutedHost>
{
    [Fact]
    public async Task A_client_stays_on_its_side_and_raising_the_percentage_takes_nobody_back()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Canary", "Percent": 30 } """);
        var visitors = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => NewVisitorAsync(shop)));
        visitors.Count(v => v.Side == "catalog-service").ShouldBeInRange(12, 50);
        foreach (var (cookie, side) in visitors)
        {
            (await shop.GetProductAsync(null, ("Cookie", cookie))).AnsweredBy().ShouldBe(side);
        }

        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Canary", "Percent": 60 } """);
        var moved = 0;
        foreach (var (cookie, before) in visitors)
        {
            var after = (await shop.GetProductAsync(null, ("Cookie", cookie))).AnsweredBy();
            (before == "catalog-service" && after == "monolith").ShouldBeFalse("a canary was taken back");
            moved += after == before ? 0 : 1;
        }

        moved.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task A_tester_chooses_the_side()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Canary", "Percent": 0 } """);
        (await shop.GetProductAsync()).AnsweredBy().ShouldBe("monolith");
        (await shop.GetProductAsync(null, ("X-Canary", "service"))).AnsweredBy().ShouldBe("catalog-service");
        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Canary", "Percent": 100 } """);
        (await shop.GetProductAsync(null, ("X-Canary", "monolith"))).AnsweredBy().ShouldBe("monolith");
        (await shop.GetProductAsync(null, ("Authorization", "Bearer not.a.token"))).AnsweredBy().ShouldBe("catalog-service");
    }

    private static async Task<(string Cookie, string Side)> NewVisitorAsync(RoutedHost shop)
    {
        using var handler = new SocketsHttpHandler { UseCookies = false };
#pragma warning disable RS0030 // a client without a past
        using var client = new HttpClient(handler) { BaseAddress = shop.Process.Address };
#pragma warning restore RS0030
        using var response = await shop.GetProductAsync(client);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (response.Headers.GetValues("Set-Cookie").Single().Split(';')[0], response.AnsweredBy());
    }
}
