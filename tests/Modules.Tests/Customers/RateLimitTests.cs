using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class RateLimitTests(RateLimitTests.StrictShop shop) : IClassFixture<RateLimitTests.StrictShop>
{
    [Fact]
    public async Task Who_tries_secrets_too_often_has_to_wait_for_as_long_as_the_answer_says()
    {
        var ada = await shop.RegisterAsync();
        await shop.LogInAsync(NewEmail(), "guess").ShouldFailAsync(401, "customers.bad_credentials");
        await shop.LogInAsync(NewEmail(), "guess").ShouldFailAsync(401, "customers.bad_credentials");

        using var refused = await shop.LogInAsync(NewEmail(), "guess");
        ((int)refused.StatusCode).ShouldBe(429);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        using var client = shop.Anonymous();
        await client.PostAsJsonAsync($"{Api}/registration", new { email = NewEmail(), password = GoodPassword, name = "Ada" }).ShouldFailAsync(429, "request.too_many_requests");

        // What takes no secret goes on, and so does what takes one that nobody can guess.
        await client.AskAsync("jwks").ShouldBeAsync(200);
        await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
    }

    public sealed class StrictShop : CustomersShop
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("RateLimits:CredentialsPerMinute", "3")];
    }
}
