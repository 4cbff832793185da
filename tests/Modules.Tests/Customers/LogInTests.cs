using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using ModularShop.Customers.Contracts;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

public sealed class LogInTests(CustomersShop shop) : IClassFixture<CustomersShop>
{
    [Fact]
    public async Task A_wrong_password_and_an_unknown_email_get_the_same_answer()
    {
        var ada = await shop.RegisterAsync();
        var wrong = await shop.LogInAsync(ada.Email, "not the password").ShouldFailAsync(401, "customers.bad_credentials");
        var unknown = await shop.LogInAsync(NewEmail(), "not the password").ShouldFailAsync(401, "customers.bad_credentials");
        unknown.Text("detail").ShouldBe(wrong.Text("detail"));
    }

    [Fact]
    public async Task The_cart_filled_before_is_told_to_the_other_modules()
    {
        var ada = await shop.RegisterAsync();
        var cart = Guid.CreateVersion7();
        await shop.LogInAsync(ada.Email, ada.Password, cart).ShouldBeAsync(200);
        var id = await shop.IdOfAsync(ada);
        await shop.PublishedAsync<CustomerLoggedIn>(m => m.CustomerId == id && m.AnonymousCartId == cart);
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour()
    {
        var ada = await shop.RegisterAsync();
        await GuessAsync(ada.Email, 9);
        using var locked = await shop.LogInAsync(ada.Email, "guess 10");
        locked.StatusCode.ShouldBe(System.Net.HttpStatusCode.TooManyRequests);
        locked.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromMinutes(15));

        var problem = await shop.LogInAsync(ada.Email, ada.Password).ShouldFailAsync(429, "customers.locked_out");
        problem["retryAfter"]!.GetValue<int>().ShouldBeInRange(800, 900);

        shop.Clock.Advance(TimeSpan.FromMinutes(15));
        await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
    }

    [Fact]
    public async Task An_email_without_an_account_is_locked_in_the_same_way()
    {
        var email = NewEmail();
        await GuessAsync(email, 9);
        await shop.LogInAsync(email, "guess 10").ShouldFailAsync(429, "customers.locked_out");
        await shop.LogInAsync(email, "guess 11").ShouldFailAsync(429, "customers.locked_out");
    }

    [Fact]
    public async Task A_right_password_starts_the_count_anew()
    {
        var ada = await shop.RegisterAsync();
        await GuessAsync(ada.Email, 9);
        await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
        await GuessAsync(ada.Email, 9);
        await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Guesses_at_the_same_time_are_all_counted()
    {
        var ada = await shop.RegisterAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => shop.LogInAsync(ada.Email, $"guess {i}")));
        answers.ShouldAllBe(a => (int)a.StatusCode == 401 || (int)a.StatusCode == 429 || (int)a.StatusCode == 409);
        answers.Count(a => (int)a.StatusCode == 401).ShouldBeLessThanOrEqualTo(9);
    }

    [Fact]
    public async Task An_operator_unlocks_an_account()
    {
        var ada = await shop.RegisterAsync();
        var id = await shop.IdOfAsync(ada);
        await GuessAsync(ada.Email, 9);
        await shop.LogInAsync(ada.Email, "guess 10").ShouldFailAsync(429, "customers.locked_out");

        using var operators = shop.Operator();
        (await operators.AskAsync($"{id}").ShouldBeAsync(200))["lockedUntil"].ShouldNotBeNull();
        await operators.PostAsync(new Uri($"{Api}/{id}/unlock", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        (await operators.AskAsync($"{id}").ShouldBeAsync(200))["lockedUntil"].ShouldBeNull();
        await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Guessing_the_password_with_a_stolen_access_token_locks_too()
    {
        var ada = await shop.RegisterAsync();
        using var thief = shop.With(ada.AccessToken);
        for (var i = 0; i < 9; i++)
        {
            await thief.PutAsJsonAsync($"{Api}/me/password", new { currentPassword = $"guess {i}", newPassword = "a password of the thief" })
                .ShouldFailAsync(422, "customers.wrong_password");
        }

        await thief.PutAsJsonAsync($"{Api}/me/email", new { password = "guess 10", email = NewEmail() }).ShouldFailAsync(429, "customers.locked_out");
    }

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Once)]
    public async Task A_password_hashed_with_fewer_rounds_is_hashed_again_at_the_next_log_in()
    {
        await using var stronger = new StrongerShop();
        var ada = await shop.RegisterAsync();
        var weak = await HashOfAsync(shop, ada.Email);
        await stronger.InitializeAsync();
        await stronger.RegisterAsync(ada.Email, ada.Password);
        await stronger.ReadCustomersAsync(async db =>
        {
            (await db.Accounts.SingleAsync(a => a.Email == ada.Email)).PasswordHash = weak;
            return await db.SaveChangesAsync();
        });

        await stronger.LogInAsync(ada.Email, "not the password").ShouldFailAsync(401, "customers.bad_credentials");
        (await HashOfAsync(stronger, ada.Email)).ShouldBe(weak);
        await stronger.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
        (await HashOfAsync(stronger, ada.Email)).ShouldNotBe(weak, StringComparer.Ordinal);
        await stronger.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
    }

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Once)]
    public async Task An_unknown_email_takes_about_as_long_as_a_wrong_password()
    {
        await using var slow = new SlowShop();
        await slow.InitializeAsync();
        var ada = await slow.RegisterAsync();
        await slow.LogInAsync(NewEmail(), "warming up").ShouldFailAsync(401, "customers.bad_credentials");

        var (wrong, unknown) = (double.MaxValue, double.MaxValue);
        // The comparison takes some 100 ms, all the rest some 5: without it the ratio would be above 10, however often it is measured.
        await Eventually.TrueAsync(
            async () =>
            {
                wrong = Math.Min(wrong, await TimeAsync(slow, ada.Email));
                unknown = Math.Min(unknown, await TimeAsync(slow, NewEmail()));
                return wrong / unknown is > 0.4 and < 2.5;
            },
            "the quickest refusal of the one and of the other to take about as long");
    }

    private static async Task<double> TimeAsync(ShopFixture shop, string email)
    {
        var watch = Stopwatch.StartNew();
        await shop.LogInAsync(email, "not the password").ShouldFailAsync(401, "customers.bad_credentials");
        return watch.Elapsed.TotalMilliseconds;
    }

    private static Task<string> HashOfAsync(ShopFixture shop, string email) =>
        shop.ReadCustomersAsync(db => db.Accounts.Where(a => a.Email == email).Select(a => a.PasswordHash).SingleAsync());

    private async Task GuessAsync(string email, int times)
    {
        for (var i = 1; i <= times; i++)
        {
            await shop.LogInAsync(email, $"guess {i}").ShouldFailAsync(401, "customers.bad_credentials");
        }
    }

    private sealed class StrongerShop : ShopFixture, IAsyncDisposable
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Customers:Passwords:Iterations", "2000")];

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }

    private sealed class SlowShop : ShopFixture, IAsyncDisposable
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Customers:Passwords:Iterations", "210000")];

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}
