using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Modules.Tests.Storefront;

/// <summary>Pages that are for everybody are shown to whoever is logged in though nobody can say who that is.</summary>
public sealed class WithoutCustomersTests(WithoutCustomersTests.ShopWithoutCustomers shop) : IClassFixture<WithoutCustomersTests.ShopWithoutCustomers>
{
    private const string Unknown = "cannot see just now who you are";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_answer_while_Customers_is_silent_or_fails_and_nobody_is_logged_out_by_it(bool isSilent)
    {
        var sku = await shop.AddProductAsync();
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        (await visitor.GetAsync("/")).ShouldContain("Your account, Ada Example");
        shop.Clock.Advance(TimeSpan.FromHours(1));
        shop.Database.Leave(isSilent);
        try
        {
            foreach (var (address, status) in new[] { ("/", 200), ("/products", 200), ($"/products/{sku}", 200), ("/login", 200), ("/nowhere", 404) })
            {
                var waited = Stopwatch.StartNew();
                (await visitor.GetAsync(address, status)).ShouldContain(Unknown);
                visitor.Page.ShouldNotContain("Ada Example");
                waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8), address);
            }

            if (!isSilent)
            {
                (await visitor.GetAsync("/orders", 503)).ShouldContain("A moment, please");
            }
        }
        finally
        {
            shop.Database.Return();
        }

        (await visitor.GetAsync("/")).ShouldContain("Ada Example");
        visitor.Page.ShouldNotContain(Unknown);
    }

    [Fact]
    public async Task Logging_out_needs_no_session_that_can_be_renewed()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.GetAsync("/");
        shop.Clock.Advance(TimeSpan.FromHours(1));
        shop.Database.Leave(isSilent: false);
        try
        {
            (await visitor.PostAsync("/logout")).ShouldBe("/");
        }
        finally
        {
            shop.Database.Return();
        }

        visitor.Cookies.ShouldContain(c => c.StartsWith("shop-refresh=;", StringComparison.Ordinal));
        (await visitor.GetAsync("/")).ShouldContain("You are logged out.");
        visitor.Page.ShouldNotContain("Ada Example");
    }

    public sealed class ShopWithoutCustomers : ShopFixture
    {
        internal DatabaseAway Database { get; } = new();

        protected override void ConfigureServices(IServiceCollection services) => services.AddKeyedSingleton<IInterceptor>("Customers", Database);
    }
}

/// <summary>Whoever comes from the same address.</summary>
public sealed class NeighbourTests(NeighbourTests.BusyShop shop) : IClassFixture<NeighbourTests.BusyShop>
{
    [Fact]
    public async Task Who_asks_too_much_at_an_address_keeps_nobody_there_from_looking_and_logs_nobody_out()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        using var end = new CancellationTokenSource();
        var neighbours = Enumerable.Range(0, 4).Select(_ => WriteAsync(end.Token)).ToList();
        try
        {
            // One write in a second may be let in, and be the renewal of all.
            await Eventually.TrueAsync(async () =>
            {
                shop.Clock.Advance(TimeSpan.FromHours(1));
                return (await visitor.GetAsync("/")).Contains("cannot see just now who you are", StringComparison.Ordinal);
            }, "a renewal that is refused");
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(neighbours);
        }

        await Eventually.TrueAsync(async () => (await visitor.GetAsync("/")).Contains("Ada Example", StringComparison.Ordinal), "the session to be as it was");
    }

    private async Task WriteAsync(CancellationToken end)
    {
        using var client = shop.Anonymous();
        while (!end.IsCancellationRequested)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/customers/logout", new { refreshToken = "nobody's" });
        }
    }

    public sealed class BusyShop : ShopFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("RateLimits:WritesPerSecond", "1")];
    }
}
