namespace Modules.Tests.Storefront;

/// <summary>How long somebody is logged in on the pages.</summary>
public sealed class SessionTests(SessionTests.ShopOfItsOwn shop) : IClassFixture<SessionTests.ShopOfItsOwn>
{
    [Fact]
    public async Task An_access_token_that_has_ended_is_exchanged_and_nobody_notices()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        shop.Clock.Advance(TimeSpan.FromHours(1));
        (await visitor.GetAsync("/orders")).ShouldContain("Ada Example");
        shop.Clock.Advance(TimeSpan.FromHours(1));
        await visitor.GetAsync("/account");
    }

    [Theory]
    [InlineData("/products/NO-SUCH", 404)]
    [InlineData("/orders/01a20900-0000-7000-8000-000000000000", 404)]
    [InlineData("/console", 403)]
    [InlineData("/nowhere", 404)]
    public async Task A_page_that_fails_keeps_the_session_that_was_renewed_for_it(string address, int status)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        shop.Clock.Advance(TimeSpan.FromHours(1));
        (await visitor.GetAsync(address, status)).ShouldContain("Your account, Ada Example");
        // Longer than a token that was used is taken for a repetition.
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await visitor.GetAsync("/account");
    }

    [Fact]
    public async Task What_is_no_page_knows_nobody_when_another_origin_asks()
    {
        using var client = shop.Anonymous();
        using var visitor = new PageVisitor(client);
        await visitor.RegisterAsync();
        client.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        (await visitor.GetAsync("/nowhere", 404)).ShouldNotContain("Your account");
    }

    [Fact]
    public async Task Who_logs_out_leaves_nothing_of_their_checkout_to_the_next_one()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        await visitor.CheckOutAsync();
        visitor.Page.ShouldContain("4242");
        await visitor.PostAsync("/logout");
        await visitor.RegisterAsync("Bob Example");
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        await visitor.GetAsync("/checkout");
        await visitor.PostAsync("/checkout/address", ("recipient", "Bob Example"), ("line1", "Hauptstraße 1"), ("city", "Berlin"), ("postalCode", "10115"), ("country", "DE"));
        (await visitor.RedirectedAsync("/checkout/review")).ShouldBe("/checkout/payment");
    }

    [Fact]
    public async Task A_session_that_has_ended_asks_to_log_in_again()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        (await visitor.GetAsync("/")).ShouldContain("Ada Example");
        shop.Clock.Advance(TimeSpan.FromDays(31));
        (await visitor.RedirectedAsync("/orders")).ShouldBe("/login?return=%2Forders");
        (await visitor.GetAsync("/")).ShouldNotContain("Ada Example");
    }

    [Theory]
    [InlineData("/account", "/account/profile", "/account")]
    [InlineData("/checkout/review", "/checkout", "/checkout/review")]
    [InlineData(null, "/account/profile", "/account/profile")]
    [InlineData(null, "/checkout", "/checkout")]
    public async Task A_form_that_is_sent_after_the_session_has_ended_leads_back_to_its_page(string? page, string form, string back)
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.GetAsync("/account");
        shop.Clock.Advance(TimeSpan.FromDays(31));
        (await visitor.PostFromAsync(page, form, ("name", "Ada"))).ShouldBe("/login?return=" + Uri.EscapeDataString(back));
    }

    [Fact]
    public async Task A_session_ended_elsewhere_ends_here_when_its_token_does()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        using var elsewhere = new PageVisitor(shop.Anonymous());
        var email = $"page-{Guid.CreateVersion7():N}@example.com";
        await visitor.GetAsync("/register");
        await visitor.PostAsync("/register", ("name", "Ada Example"), ("email", email), ("password", PageVisitor.Password), ("return", "/"));
        await elsewhere.GetAsync("/login");
        await elsewhere.PostAsync("/login", ("email", email), ("password", PageVisitor.Password), ("return", "/account"));
        await elsewhere.GetAsync("/account");
        await elsewhere.PostAsync("/account/sessions/end");
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        (await visitor.RedirectedAsync("/orders")).ShouldBe("/login?return=%2Forders");
    }

    [Fact]
    public async Task A_token_that_somebody_made_up_is_nobodys()
    {
        using var client = shop.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", "shop-access=eyJhbGciOiJub25lIn0.e30.; shop-refresh=made-up");
        using var visitor = new PageVisitor(client);
        (await visitor.RedirectedAsync("/orders")).ShouldBe("/login?return=%2Forders");
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public async Task Cookies_are_out_of_reach_of_scripts_and_of_other_sites_and_kept_to_HTTPS_where_they_came_by_it(string scheme, bool isSecure)
    {
        using var client = shop.Anonymous();
        client.BaseAddress = new Uri($"{scheme}://localhost");
        using var visitor = new PageVisitor(client);
        await visitor.GetAsync("/register");
        Cookie("shop-form").ShouldContain("samesite=strict");
        await visitor.PostAsync("/register", ("name", "Ada"), ("email", $"page-{Guid.CreateVersion7():N}@example.com"), ("password", PageVisitor.Password), ("return", "/"));
        Cookie("shop-access").ShouldContain("samesite=lax");
        Cookie("shop-refresh").ShouldContain("samesite=lax");

        string Cookie(string name)
        {
            var cookie = visitor.Cookies.Where(c => c.StartsWith($"{name}=", StringComparison.Ordinal)).ShouldHaveSingleItem().ToLowerInvariant();
            cookie.ShouldContain("httponly");
            cookie.ShouldContain("path=/");
            cookie.Contains("secure", StringComparison.Ordinal).ShouldBe(isSecure, cookie);
            return cookie;
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/cart")]
    [InlineData("/account")]
    [InlineData("/orders")]
    [InlineData("/orders/01a20900-0000-7000-8000-000000000000")]
    [InlineData("/console")]
    public async Task No_cache_keeps_a_page(string address)
    {
        using var client = shop.Customer();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative)) { Headers = { { "Accept", "text/html" } } };
        using var answer = await client.SendAsync(request);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_is_logged_out_by_another_site()
    {
        // Which sends a form without cookies.
        using var visitor = new PageVisitor(shop.Anonymous());
        (await visitor.ForgeAsync("/logout")).ShouldBe(400);
        visitor.Cookies.ShouldNotContain(c => c.StartsWith("shop-refresh=", StringComparison.Ordinal));
    }

    public sealed class ShopOfItsOwn : ShopFixture;
}

/// <summary>Passwords are not tried out on the pages either.</summary>
public sealed class LogInLimitTests(LogInLimitTests.StrictShop shop) : IClassFixture<LogInLimitTests.StrictShop>
{
    [Fact]
    public async Task As_many_log_ins_a_minute_as_the_API_takes_and_then_the_form_says_to_wait()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.GetAsync("/login");
        (string, string)[] wrong = [("email", "nobody@example.com"), ("password", "wrong password"), ("return", "/")];
        for (var i = 0; i < StrictShop.Attempts; i++)
        {
            (await visitor.RefusedAsync(401, "/login", wrong)).ShouldContain("Email or password is wrong.");
        }

        var page = await visitor.RefusedAsync(429, "/login", wrong);
        page.ShouldContain("Too many requests");
        page.ShouldContain("nobody@example.com");
    }

    public sealed class StrictShop : ShopFixture
    {
        public const int Attempts = 4;

        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("RateLimits:CredentialsPerMinute", $"{Attempts}")];
    }
}

/// <summary>What is limited by address is not what keeps people logged in.</summary>
public sealed class SameAddressTests(LogInLimitTests.StrictShop shop) : IClassFixture<LogInLimitTests.StrictShop>
{
    [Fact]
    public async Task Who_logs_in_too_often_at_an_address_takes_nobodys_session_there()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        using var other = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        shop.Clock.Advance(TimeSpan.FromHours(1));
        await other.GetAsync("/login");
        (string, string)[] wrong = [("email", "nobody@example.com"), ("password", "wrong password"), ("return", "/")];
        for (var i = 1; i < LogInLimitTests.StrictShop.Attempts; i++)
        {
            await other.RefusedAsync(401, "/login", wrong);
        }

        await other.RefusedAsync(429, "/login", wrong);

        (await visitor.GetAsync("/orders")).ShouldContain("Ada Example");
    }
}
