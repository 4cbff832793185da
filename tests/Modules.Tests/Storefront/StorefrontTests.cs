using System.Net;
using System.Text.RegularExpressions;

namespace Modules.Tests.Storefront;

/// <summary>What pages are, whatever they show.</summary>
[Collection(Shop.Name)]
public sealed partial class StorefrontTests(ShopFixture shop)
{
    private const string Script = "<script>alert('shop')</script>";

    private const string Picture = "\"><img src=x onerror=alert(1)>";

    [Fact]
    public async Task What_operators_write_is_shown_as_text()
    {
        var sku = $"X-{Guid.CreateVersion7():N}".ToUpperInvariant();
        await shop.AddCategoryAsync("test-products");
        using var operators = shop.Operator();
        await operators.PostAsJsonAsync("/api/v1/catalog/products", new
        {
            sku, name = Script + sku, category = "test-products", brand = Script, description = Picture, price = new { amount = 100, currency = "EUR" }, stock = 5,
            attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["colour"] = Picture },
        }).ShouldHaveStatusAsync(201);
        using var visitor = new PageVisitor(shop.Anonymous());
        foreach (var address in new[] { $"/products/{sku}", $"/products?search={sku}", $"/search?search={sku}" })
        {
            ShouldBeText(await visitor.GetAsync(address), "&lt;script&gt;");
        }

        await visitor.AddToCartAsync(sku);
        ShouldBeText(await visitor.GetAsync("/cart"), "&lt;script&gt;");
        ShouldBeText(await visitor.GetAsync("/products?search=" + Uri.EscapeDataString(Script)), "&lt;script&gt;");
    }

    [Fact]
    public async Task Why_the_shop_cancelled_an_order_is_shown_as_text()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync(Script);
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        var order = await visitor.PostAsync("/checkout", ("order", await visitor.CheckOutAsync()));
        using var operators = shop.Operator();
        await operators.PostAsJsonAsync($"/api/v1/ordering{order}/cancel", new { reason = Script }).ShouldHaveStatusAsync(200);
        ShouldBeText(await visitor.GetAsync(order), "&lt;script&gt;");
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/logout")]
    [InlineData("/register")]
    [InlineData("/cart/lines")]
    [InlineData("/cart/lines/ANY")]
    [InlineData("/cart/lines/ANY/remove")]
    [InlineData("/cart/left-behind/forget")]
    [InlineData("/checkout")]
    [InlineData("/checkout/address")]
    [InlineData("/checkout/payment")]
    [InlineData("/orders/01a20900-0000-7000-8000-000000000000/cancel")]
    [InlineData("/account/profile")]
    [InlineData("/account/email")]
    [InlineData("/account/password")]
    [InlineData("/account/preferences")]
    [InlineData("/account/sessions/end")]
    [InlineData("/account/close")]
    [InlineData("/account/addresses/new")]
    [InlineData("/account/addresses/01a20900-0000-7000-8000-000000000000")]
    [InlineData("/account/addresses/01a20900-0000-7000-8000-000000000000/remove")]
    [InlineData("/account/addresses/01a20900-0000-7000-8000-000000000000/default")]
    public async Task A_form_that_another_site_made_is_refused(string address)
    {
        using var visitor = new PageVisitor(shop.Customer());
        (await visitor.ForgeAsync(address, ("sku", "ANY"), ("quantity", "1"), ("sure", "yes"))).ShouldBe(400);
        visitor.Page.ShouldContain("This form is not good any more");
    }

    [Theory]
    [InlineData("/checkout")]
    [InlineData("/checkout/payment")]
    [InlineData("/checkout/review")]
    [InlineData("/orders")]
    [InlineData("/account")]
    [InlineData("/account/addresses/new")]
    [InlineData("/invoices/INV-1")]
    public async Task A_page_of_customers_sends_strangers_to_log_in_and_back(string address)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.RedirectedAsync(address)).ShouldBe("/login?return=" + Uri.EscapeDataString(address));
        (await visitor.GetAsync("/login?return=" + Uri.EscapeDataString(address))).ShouldContain($"name=\"return\" value=\"{address}\"");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\u00fc")]
    [InlineData("/a b")]
    [InlineData("/a\r\nSet-Cookie: a=b")]
    public async Task Nobody_is_sent_to_another_site_after_logging_in(string back)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.GetAsync("/register?return=" + Uri.EscapeDataString(back));
        visitor.Page.ShouldContain("name=\"return\" value=\"/\"");
        (await visitor.PostAsync("/register", ("name", "Ada"), ("email", $"page-{Guid.CreateVersion7():N}@example.com"), ("password", PageVisitor.Password), ("return", back)))
            .ShouldBe("/");
    }

    [Fact]
    public async Task The_first_page_is_small()
    {
        using var client = shop.Anonymous();
        using var visitor = new PageVisitor(shop.Anonymous());
        var page = await visitor.GetAsync("/");
        var assets = Asset().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups["address"].Value)).Distinct(StringComparer.Ordinal).ToList();
        assets.Count.ShouldBeGreaterThan(3);
        var sizes = await Task.WhenAll(assets.Select(async a => (await client.GetByteArrayAsync(new Uri(a, UriKind.Relative))).Length));
        (page.Length + sizes.Sum()).ShouldBeLessThan(200_000);
        page.ShouldNotContain("style=\"");
    }

    [Theory]
    [InlineData("'\"")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("🍳")]
    [InlineData("\\")]
    [InlineData("\0")]
    public async Task Whatever_is_searched_for_is_answered(string search)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.GetAsync("/products?search=" + Uri.EscapeDataString(search));
        await visitor.GetAsync("/search?search=" + Uri.EscapeDataString(search));
    }

    [Theory]
    [InlineData("x", 10_000)]
    [InlineData("🍳", 20_000)]
    public async Task A_search_that_is_too_long_is_told_so_on_the_page(string character, int length)
    {
        var search = Uri.EscapeDataString(string.Concat(Enumerable.Repeat(character, 10_000)));
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.GetAsync("/products?search=" + search, 400)).ShouldContain($"at most 100 characters; yours has {length}");
        visitor.Page.ShouldContain("href=\"/login\"", customMessage: "what was typed is too long to come back to");
        (await visitor.GetAsync("/search?search=" + search)).ShouldContain("at most 100 characters");
    }

    [Theory]
    [InlineData("/tracking?number=MS%2F12", 404, "There is no parcel of this number")]
    [InlineData("/tracking?number=50%25", 404, "There is no parcel of this number")]
    [InlineData("/tracking?number=a%5Cb", 404, "There is no parcel of this number")]
    [InlineData("/tracking?number=..", 404, "There is no parcel of this number")]
    [InlineData("/tracking/MS%2F12", 400, "That cannot be understood")]
    [InlineData("/products/50%25", 400, "That cannot be understood")]
    [InlineData("/a%5Cb", 400, "That cannot be understood")]
    [InlineData("/%252e%252e", 400, "That cannot be understood")]
    public async Task What_cannot_be_part_of_an_address_is_answered_with_a_page(string address, int status, string said)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.GetAsync(address, status)).ShouldContain(said);
        visitor.Page.ShouldStartWith("<!doctype html>");
    }

    [Theory]
    [InlineData("/cart/lines", "/cart")]
    [InlineData("/cart/lines/ANY", "/cart")]
    [InlineData("/cart/lines/ANY/remove", "/cart")]
    [InlineData("/cart/left-behind/forget", "/cart")]
    [InlineData("/checkout/address", "/checkout")]
    [InlineData("/account/profile", "/account")]
    [InlineData("/account/email", "/account")]
    [InlineData("/account/password", "/account")]
    [InlineData("/account/preferences", "/account")]
    [InlineData("/account/sessions/end", "/account")]
    [InlineData("/account/addresses/01a20900-0000-7000-8000-000000000000/remove", "/account")]
    [InlineData("/account/addresses/01a20900-0000-7000-8000-000000000000/default", "/account")]
    [InlineData("/orders/01a20900-0000-7000-8000-000000000000/cancel", "/orders/01a20900-0000-7000-8000-000000000000")]
    [InlineData("/logout", "/")]
    public async Task Where_a_form_is_sent_the_address_alone_leads_to_the_forms_page(string address, string page)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.RedirectedAsync(address)).ShouldBe(page);
    }

    [Theory]
    [InlineData("min=abc", 400, "A price is a number such as 12.50")]
    [InlineData("min=5&max=2", 400, "must not be below")]
    [InlineData("min=1&currency=XXX", 400, "does not know this currency")]
    [InlineData("after=bogus", 400, "Show all products")]
    [InlineData("category=nowhere", 404, "Show all products")]
    public async Task Filters_that_cannot_be_are_put_right_on_the_page(string query, int status, string said)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.GetAsync("/products?" + query, status)).ShouldContain(said);
    }

    [Fact]
    public async Task A_price_is_typed_with_a_comma_or_a_point()
    {
        var (category, name) = ($"prices-{Guid.CreateVersion7():N}"[..19], $"Fits-{Guid.CreateVersion7():N}");
        await shop.AddProductAsync(price: 1250, name: name, category: category);
        await shop.AddProductAsync(price: 1251, name: "Costs more", category: category);
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.GetAsync($"/products?category={category}&min=12,50&max=12.50&currency=EUR")).ShouldContain(name);
        visitor.Page.ShouldNotContain("Costs more");
    }

    [Fact]
    public async Task A_product_that_is_not_there_is_a_page_of_404_and_its_picture_is_drawn_all_the_same()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.GetAsync("/products/NO-SUCH", 404)).ShouldContain("There is nothing here");
        using var client = shop.Anonymous();
        using var picture = await client.GetAsync(new Uri("/pictures/%3Cscript%3E.svg?kind=%22", UriKind.Relative));
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        (await picture.Content.ReadAsStringAsync()).ShouldNotContain("script");
        (await client.GetStringAsync(new Uri("/pictures/KIT-1.svg?kind=pot", UriKind.Relative))).ShouldBe(await client.GetStringAsync(new Uri("/pictures/kit-1.svg?kind=pot", UriKind.Relative)));
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("%22%3B%2C%0D%0A")]
    [InlineData("=")]
    public async Task A_visitors_cookie_that_somebody_has_made_up_does_no_harm(string cookie)
    {
        using var client = shop.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", $"shop-visitor={cookie}");
        using var visitor = new PageVisitor(client);
        await visitor.GetAsync("/");
    }

    [Fact]
    public async Task A_password_that_cannot_be_one_is_told_so()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.GetAsync("/login");
        (await visitor.RefusedAsync(400, "/login", ("email", "ada@example.com"), ("password", new string('x', 201)), ("return", "/"))).ShouldContain("A password has 1 to 200 characters.");
        visitor.Page.ShouldNotContain("marked below");
    }

    private static void ShouldBeText(string page, string asText)
    {
        page.ShouldContain(asText);
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain("<img src=x");
    }

    [GeneratedRegex("\"(?<address>/assets/[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Asset();
}
