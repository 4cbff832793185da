using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Modules.Tests.Storefront;

/// <summary>Pages whose parts are answered by services: what they hand on, what they wait for, and what they can do without.</summary>
public sealed class PartsElsewhereTests(PartsElsewhereTests.ShopWithParts shop) : IClassFixture<PartsElsewhereTests.ShopWithParts>
{
    [Fact]
    public async Task What_somebody_wrote_at_another_host_is_read_on_the_next_page()
    {
        await using var route = await shop.RouteAsync("Ordering.GetCart");
        shop.Service.Answer = http => http.Response.WriteAsJsonAsync(new { status = "merged", lines = Array.Empty<object>(), total = new { amount = 0, currency = "EUR" } });
        using var client = shop.Customer();
        var ticks = shop.Clock.GetUtcNow().UtcTicks;
        client.DefaultRequestHeaders.Add("Cookie", string.Create(CultureInfo.InvariantCulture, $"shop-cart={Guid.CreateVersion7()}; shop-written=ordering.0.{ticks}"));
        shop.Service.Asked.Clear();

        using var visitor = new PageVisitor(client);
        await visitor.GetAsync("/cart");

        shop.Service.Asked.ShouldHaveSingleItem().ShouldContainKeyAndValue("X-Shop-Written", ticks.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_page_that_writes_of_two_modules_tells_its_browser_of_both()
    {
        await using var orders = await shop.RouteAsync("Ordering.ListOrders");
        await using var preferences = await shop.RouteAsync("Customers.GetPreferences");
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        // What was written until now is remembered no more.
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await visitor.GetAsync("/checkout");

        await visitor.PostAsync(
            "/checkout/address", ("recipient", "Ada Example"), ("line1", "Hauptstraße 1"), ("city", "Berlin"), ("postalCode", "10115"), ("country", "DE"), ("save", "yes"));

        var written = visitor.Cookies.Where(c => c.StartsWith("shop-written=", StringComparison.Ordinal)).ShouldHaveSingleItem();
        written.ShouldContain("ordering.");
        written.ShouldContain("customers.");
    }

    [Fact]
    public async Task Whatever_a_first_page_asks_at_once_is_asked_by_one_visitor()
    {
        await using var products = await shop.RouteAsync("Catalog.ListProducts", "Canary", percent: 0);
        await using var categories = await shop.RouteAsync("Catalog.ListCategories", "Canary", percent: 0);
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.GetAsync("/");
        visitor.Cookies.Where(c => c.StartsWith("shop-visitor=", StringComparison.Ordinal)).ShouldHaveSingleItem();
        await visitor.GetAsync("/");
        visitor.Cookies.ShouldNotContain(c => c.StartsWith("shop-visitor=", StringComparison.Ordinal), "the visitor is known by now");
    }

    [Theory]
    [InlineData("/", "Catalog.ListCategories", "Catalog.ListProducts", "/products")]
    [InlineData("/products/ANY", "Catalog.GetProduct", "Catalog.ListCategories", "/categories")]
    [InlineData("/products", "Catalog.ListProducts", "Catalog.ListCategories", "/categories")]
    [InlineData("/account", "Customers.GetProfile", "Customers.ListAddresses", "/addresses")]
    public async Task A_page_that_fails_has_asked_for_all_its_parts_to_the_end(string address, string failing, string late, string path)
    {
        var (asked, let) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var one = await shop.RouteAsync(failing);
        await using var other = await shop.RouteAsync(late);
        shop.Service.Answer = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            if (http.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal))
            {
                asked.SetResult();
                await let.Task;
            }
        };
        using var visitor = new PageVisitor(shop.Customer());
        var page = visitor.GetAsync(address, 503);
        await asked.Task;
        await Should.ThrowAsync<TimeoutException>(page.WaitAsync(TimeSpan.FromSeconds(1)));

        let.SetResult();

        (await page).ShouldContain("A moment, please");
    }

    [Fact]
    public async Task A_cart_from_before_the_log_in_is_kept_while_nobody_can_say_what_became_of_it()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        await using (await shop.RouteAsync("Ordering.GetCart"))
        {
            shop.Service.Answer = FailAsync;
            await visitor.RegisterAsync();
            await visitor.GetAsync("/cart");
            visitor.Cookies.ShouldNotContain(c => c.StartsWith("shop-cart=", StringComparison.Ordinal));
        }

        await Eventually.TrueAsync(async () =>
        {
            await visitor.GetAsync("/cart");
            return visitor.Cookies.Any(c => c.StartsWith("shop-cart=;", StringComparison.Ordinal));
        }, "the cart to have come along, and its cookie to be gone");
    }

    [Fact]
    public async Task Fewer_of_a_product_are_possible_while_the_catalogue_does_not_answer()
    {
        var sku = await shop.AddProductAsync();
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.AddToCartAsync(sku, 3);
        await visitor.GetAsync("/cart");
        await using var route = await shop.RouteAsync("Catalog.GetProduct");
        shop.Service.Answer = FailAsync;
        (await visitor.PostAsync($"/cart/lines/{sku}", ("quantity", "2"))).ShouldBe("/cart");
        await visitor.RefusedAsync(503, $"/cart/lines/{sku}", ("quantity", "4"));
    }

    [Fact]
    public async Task Of_a_long_cart_no_more_products_are_asked_for_than_thirty()
    {
        using var client = shop.Customer();
        var cart = (await client.PostAsync(new Uri("/api/v1/ordering/carts", UriKind.Relative), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        for (var i = 0; i < 32; i++)
        {
            await client.PutAsJsonAsync($"/api/v1/ordering/carts/{cart}/lines/{await shop.AddProductAsync()}", new { quantity = 1 }).ShouldHaveStatusAsync(200);
        }

        await using var route = await shop.RouteAsync("Catalog.GetProduct");
        shop.Service.Answer = http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        shop.Service.Asked.Clear();
        using var visitor = new PageVisitor(client);
        (await visitor.GetAsync("/cart")).ShouldContain("class=\"count\">32");

        shop.Service.Asked.Count.ShouldBe(30);
    }

    private static Task FailAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    public sealed class ShopWithParts() : ShopWithDouble("Catalog", "Customers", "Ordering");
}
