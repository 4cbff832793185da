using Microsoft.EntityFrameworkCore;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

/// <summary>Moves the clock: a shop of its own.</summary>
public sealed class RefreshTests(CustomersShop shop) : IClassFixture<CustomersShop>
{
    private static readonly TimeSpan BeyondGrace = TimeSpan.FromSeconds(11);

    [Fact]
    public async Task A_refresh_token_is_exchanged_for_new_tokens_that_work()
    {
        var ada = await shop.RegisterAsync();
        var second = await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        second.Text("refreshToken").ShouldNotBe(ada.RefreshToken, StringComparer.Ordinal);
        var third = await shop.RefreshAsync(second.Text("refreshToken")).ShouldBeAsync(200);
        using var client = shop.With(third.Text("accessToken"));
        await client.AskAsync("me").ShouldBeAsync(200);
    }

    [Fact]
    public async Task A_used_token_that_turns_up_again_ends_the_whole_session()
    {
        var ada = await shop.RegisterAsync();
        var live = await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        shop.Clock.Advance(BeyondGrace);

        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_reused");
        await shop.RefreshAsync(live.Text("refreshToken")).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Reuse_in_one_session_leaves_the_others_alone()
    {
        var ada = await shop.RegisterAsync();
        var phone = await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
        await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        shop.Clock.Advance(BeyondGrace);
        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_reused");
        await shop.RefreshAsync(phone.Text("refreshToken")).ShouldBeAsync(200);
    }

    [Fact]
    public async Task The_grace_is_for_the_very_last_token_only()
    {
        var ada = await shop.RegisterAsync();
        var second = await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        await shop.RefreshAsync(second.Text("refreshToken")).ShouldBeAsync(200);
        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_reused");
    }

    [Fact]
    public async Task A_client_whose_answer_got_lost_gets_it_again()
    {
        var ada = await shop.RegisterAsync();
        var lost = await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        var again = await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        again.Text("refreshToken").ShouldBe(lost.Text("refreshToken"));
        shop.Clock.Advance(BeyondGrace);
        await shop.RefreshAsync(again.Text("refreshToken")).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Requests_that_cross_get_one_live_chain()
    {
        var ada = await shop.RegisterAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200)));
        var live = answers.Select(a => a.Text("refreshToken")).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();

        var id = await shop.IdOfAsync(ada);
        (await shop.ReadCustomersAsync(db => (
            from token in db.RefreshTokens
            join session in db.Sessions on token.SessionId equals session.Id
            where session.AccountId == id && session.EndedAt == null && token.UsedAt == null
            select token).CountAsync())).ShouldBe(1);
        shop.Clock.Advance(BeyondGrace);
        await shop.RefreshAsync(live).ShouldBeAsync(200);
    }

    [Fact]
    public async Task A_refresh_token_expires_after_thirty_days_and_is_removed()
    {
        var ada = await shop.RegisterAsync();
        var id = await shop.IdOfAsync(ada);
        var eve = await shop.RegisterAsync();
        shop.Clock.Advance(TimeSpan.FromDays(29));
        var second = await shop.RefreshAsync(eve.RefreshToken).ShouldBeAsync(200);
        shop.Clock.Advance(TimeSpan.FromDays(1));
        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_invalid");

        await shop.RunJobAsync("Customers", "PurgeExpiredTokens");
        (await shop.ReadCustomersAsync(db => db.Sessions.CountAsync(s => s.AccountId == id))).ShouldBe(0);
        var now = shop.Clock.GetUtcNow();
        (await shop.ReadCustomersAsync(db => db.RefreshTokens.CountAsync(t => t.ExpiresAt <= now))).ShouldBe(0);
        (await shop.ReadCustomersAsync(db => db.RefreshTokens.CountAsync())).ShouldBeGreaterThan(0);
        await shop.RefreshAsync(second.Text("refreshToken")).ShouldBeAsync(200);
    }

    [Fact]
    public async Task An_operator_logs_in_again_after_twelve_hours_however_often_the_session_was_renewed()
    {
        var email = NewEmail();
        using var operators = shop.Operator();
        await operators.PostAsJsonAsync($"{Api}/operators", new { email, password = GoodPassword, name = "Olga" }).ShouldBeAsync(201);
        var tokens = await shop.LogInAsync(email, GoodPassword).ShouldBeAsync(200);
        var end = shop.Clock.GetUtcNow().AddHours(12);
        for (var hour = 1; hour < 12; hour++)
        {
            shop.Clock.Advance(TimeSpan.FromHours(1));
            tokens = await shop.RefreshAsync(tokens.Text("refreshToken")).ShouldBeAsync(200);
            tokens["refreshTokenExpiresAt"]!.GetValue<DateTimeOffset>().ShouldBe(end, TimeSpan.FromMinutes(5));
        }

        shop.Clock.Advance(TimeSpan.FromHours(1));
        await shop.RefreshAsync(tokens.Text("refreshToken")).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.LogInAsync(email, GoodPassword).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Logging_out_ends_the_session_and_twice_is_no_error()
    {
        var ada = await shop.RegisterAsync();
        var phone = await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
        using var client = shop.Anonymous();
        await client.PostAsJsonAsync($"{Api}/logout", new { refreshToken = ada.RefreshToken }).ShouldHaveStatusAsync(204);
        await client.PostAsJsonAsync($"{Api}/logout", new { refreshToken = ada.RefreshToken }).ShouldHaveStatusAsync(204);
        await client.PostAsJsonAsync($"{Api}/logout", new { refreshToken = "never issued" }).ShouldHaveStatusAsync(204);
        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.RefreshAsync(phone.Text("refreshToken")).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Logging_out_everywhere_ends_all_sessions_of_that_customer_alone()
    {
        var ada = await shop.RegisterAsync();
        var eve = await shop.RegisterAsync();
        var phone = await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
        using var client = shop.With(ada.AccessToken);
        await client.PostAsync(new Uri($"{Api}/logout-everywhere", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.RefreshAsync(phone.Text("refreshToken")).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.RefreshAsync(eve.RefreshToken).ShouldBeAsync(200);
    }

    [Theory]
    [InlineData("never issued", 401, "customers.refresh_invalid")]
    [InlineData("", 400, "request.invalid")]
    public async Task What_is_no_refresh_token_is_refused(string token, int status, string code) => await shop.RefreshAsync(token).ShouldFailAsync(status, code);
}
