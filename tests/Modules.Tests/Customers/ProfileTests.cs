using Microsoft.EntityFrameworkCore;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

public sealed class ProfileTests(CustomersShop shop) : IClassFixture<CustomersShop>
{
    private const string NewPassword = "another horse, another battery";

    [Fact]
    public async Task A_customer_changes_name_and_phone()
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        await client.PutAsJsonAsync($"{Api}/me", new { name = " Ada Lovelace ", phone = "+44 20 7946 0000" }).ShouldHaveStatusAsync(204);
        var me = await client.AskAsync("me").ShouldBeAsync(200);
        me.Text("name").ShouldBe("Ada Lovelace");
        me.Text("phone").ShouldBe("+44 20 7946 0000");
    }

    [Theory]
    [InlineData("", null, "name")]
    [InlineData("two\nlines", null, "name")]
    [InlineData("nul\u0000", null, "name")]
    [InlineData("Ada", "call me", "phone")]
    [InlineData("Ada", "123456\n", "phone")]
    public async Task A_name_and_a_phone_number_are_looked_at(string name, string? phone, string field)
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        (await client.PutAsJsonAsync($"{Api}/me", new { name, phone }).ShouldFailAsync(400, "request.invalid"))["errors"]![field].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_and_not_this_one()
    {
        var ada = await shop.RegisterAsync();
        var phone = await shop.LogInAsync(ada.Email, ada.Password).ShouldBeAsync(200);
        using var client = shop.With(ada.AccessToken);
        await client.PutAsJsonAsync($"{Api}/me/password", new { currentPassword = "wrong", newPassword = NewPassword }).ShouldFailAsync(422, "customers.wrong_password");
        await client.PutAsJsonAsync($"{Api}/me/password", new { currentPassword = ada.Password, newPassword = NewPassword }).ShouldHaveStatusAsync(204);

        await shop.RefreshAsync(phone.Text("refreshToken")).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        await shop.LogInAsync(ada.Email, ada.Password).ShouldFailAsync(401, "customers.bad_credentials");
        await shop.LogInAsync(ada.Email, NewPassword).ShouldBeAsync(200);
    }

    [Fact]
    public async Task A_new_password_keeps_the_rules_too()
    {
        var ada = await shop.RegisterAsync();
        using var client = shop.With(ada.AccessToken);
        var local = ada.Email[..ada.Email.IndexOf('@', StringComparison.Ordinal)];
        foreach (var newPassword in new[] { "short", "password1234", $"my {local}" })
        {
            (await client.PutAsJsonAsync($"{Api}/me/password", new { currentPassword = ada.Password, newPassword }).ShouldFailAsync(400, "request.invalid"))
                ["errors"]!["newPassword"].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Another_email_takes_the_password_and_must_be_free()
    {
        var ada = await shop.RegisterAsync();
        var eve = await shop.RegisterAsync();
        var email = NewEmail();
        using var client = shop.With(ada.AccessToken);
        await client.PutAsJsonAsync($"{Api}/me/email", new { email, password = "wrong" }).ShouldFailAsync(422, "customers.wrong_password");
        await client.PutAsJsonAsync($"{Api}/me/email", new { email = eve.Email, password = ada.Password }).ShouldFailAsync(409, "customers.email_taken");
        await client.PutAsJsonAsync($"{Api}/me/email", new { email = email.ToUpperInvariant(), password = ada.Password }).ShouldHaveStatusAsync(204);
        await shop.LogInAsync(email, ada.Password).ShouldBeAsync(200);
        await shop.LogInAsync(ada.Email, ada.Password).ShouldFailAsync(401, "customers.bad_credentials");
    }

    [Fact]
    public async Task A_closed_account_keeps_its_id_and_nothing_personal()
    {
        var ada = await shop.RegisterAsync();
        var id = await shop.IdOfAsync(ada);
        using var client = shop.With(ada.AccessToken);
        await client.PutAsJsonAsync($"{Api}/me", new { name = "Ada", phone = "12345678" }).ShouldHaveStatusAsync(204);
        await client.PostAsJsonAsync($"{Api}/me/addresses", AddressTests.Home).ShouldBeAsync(201);
        await client.ForgetAsync("me").ShouldHaveStatusAsync(204);

        await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_invalid");
        await shop.LogInAsync(ada.Email, ada.Password).ShouldFailAsync(401, "customers.bad_credentials");
        await client.AskAsync("me").ShouldFailAsync(404, "customers.account_not_found");
        await client.AskAsync("me/addresses").ShouldFailAsync(404, "customers.account_not_found");
        await client.ForgetAsync("me").ShouldFailAsync(404, "customers.account_not_found");
        await shop.LogInAsync($"closed-{id:N}", ada.Password).ShouldFailAsync(401, "customers.bad_credentials");

        var row = await shop.ReadCustomersAsync(db => db.Accounts.SingleAsync(a => a.Id == id));
        (row.Email, row.Name, row.Phone, row.PasswordHash).ShouldBe(($"closed-{id:N}", "", null, ""));
        row.Addresses.ShouldBeEmpty();
        using var operators = shop.Operator();
        var seen = await operators.AskAsync($"{id}").ShouldBeAsync(200);
        seen["email"].ShouldBeNull();
        seen["closedAt"].ShouldNotBeNull();

        // The email is free again, for another account.
        (await shop.IdOfAsync(await shop.RegisterAsync(ada.Email))).ShouldNotBe(id);
    }

    [Fact]
    public async Task Preferences_remember_when_consent_was_given_or_withdrawn()
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        var first = await client.AskAsync("me/preferences").ShouldBeAsync(200);
        first["marketingConsent"]!.GetValue<bool>().ShouldBeFalse();
        first["marketingConsentChangedAt"].ShouldBeNull();

        await client.PutAsJsonAsync($"{Api}/me/preferences", new { language = "pt-BR", currency = "BRL", marketingConsent = true }).ShouldHaveStatusAsync(204);
        var given = await client.AskAsync("me/preferences").ShouldBeAsync(200);
        (given.Text("language"), given.Text("currency")).ShouldBe(("pt-BR", "BRL"));
        var at = given["marketingConsentChangedAt"]!.GetValue<DateTimeOffset>();

        await client.PutAsJsonAsync($"{Api}/me/preferences", new { language = "en", currency = "EUR", marketingConsent = true }).ShouldHaveStatusAsync(204);
        (await client.AskAsync("me/preferences").ShouldBeAsync(200))["marketingConsentChangedAt"]!.GetValue<DateTimeOffset>().ShouldBe(at);
        await client.PutAsJsonAsync($"{Api}/me/preferences", new { language = "en", currency = "EUR", marketingConsent = false }).ShouldHaveStatusAsync(204);
        (await client.AskAsync("me/preferences").ShouldBeAsync(200))["marketingConsentChangedAt"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThan(at);
    }

    [Theory]
    [InlineData("english", "EUR", "language")]
    [InlineData("EN", "EUR", "language")]
    [InlineData("en", "XXX", "currency")]
    [InlineData("en", "eur", "currency")]
    public async Task Preferences_the_shop_does_not_know_are_refused(string language, string currency, string field)
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        (await client.PutAsJsonAsync($"{Api}/me/preferences", new { language, currency, marketingConsent = false }).ShouldFailAsync(400, "request.invalid"))
            ["errors"]![field].ShouldNotBeNull();
    }

    [Fact]
    public async Task Changes_at_the_same_time_all_succeed_or_say_that_they_did_not()
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.PutAsJsonAsync($"{Api}/me", new { name = $"Name {i}" })));
        answers.ShouldAllBe(a => (int)a.StatusCode == 204 || (int)a.StatusCode == 409);
        (await client.AskAsync("me").ShouldBeAsync(200)).Text("name").ShouldStartWith("Name ");
    }

    [Fact]
    public async Task Nobody_and_an_operator_have_no_profile()
    {
        using var nobody = shop.Anonymous();
        await nobody.AskAsync("me").ShouldFailAsync(401, "request.unauthenticated");
        using var operators = shop.Operator();
        await operators.AskAsync("me").ShouldFailAsync(403, "request.forbidden");
    }
}
