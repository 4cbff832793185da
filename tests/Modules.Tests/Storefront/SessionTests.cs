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
