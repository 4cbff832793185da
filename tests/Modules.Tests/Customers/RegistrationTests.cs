using Microsoft.EntityFrameworkCore;
using ModularShop.Customers.Contracts;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

public sealed class RegistrationTests(CustomersShop shop) : IClassFixture<CustomersShop>
{
    [Fact]
    public async Task Who_registers_is_logged_in_and_the_other_modules_are_told()
    {
        var cart = Guid.CreateVersion7();
        var ada = await shop.RegisterAsync(cart: cart);
        ada.Tokens.Text("tokenType").ShouldBe("Bearer");
        ada.Tokens["expiresIn"]!.GetValue<int>().ShouldBe(900);

        using var client = shop.With(ada.AccessToken);
        var me = await client.AskAsync("me").ShouldBeAsync(200);
        me.Text("email").ShouldBe(ada.Email);
        me.Text("name").ShouldBe("Ada Test");
        var id = me["id"]!.GetValue<Guid>();
        await shop.PublishedAsync<CustomerRegistered>(m => m.CustomerId == id);
        (await shop.PublishedAsync<CustomerLoggedIn>(m => m.CustomerId == id)).AnonymousCartId.ShouldBe(cart);
    }

    [Fact]
    public async Task An_email_has_one_account_however_it_is_written()
    {
        var email = NewEmail();
        await shop.RegisterAsync($"  {email.ToUpperInvariant()} ");
        using var client = shop.Anonymous();
        await client.PostAsJsonAsync($"{Api}/registration", new { email, password = GoodPassword, name = "Eve" }).ShouldFailAsync(409, "customers.email_taken");
        await shop.LogInAsync(email, GoodPassword).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Of_many_who_register_one_email_at_the_same_time_one_gets_it()
    {
        var email = NewEmail();
        using var client = shop.Anonymous();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            client.PostAsJsonAsync($"{Api}/registration", new { email, password = GoodPassword, name = "Ada" })));
        answers.Count(a => (int)a.StatusCode == 201).ShouldBe(1);
        answers.Count(a => (int)a.StatusCode == 409).ShouldBe(7);
        (await shop.ReadCustomersAsync(db => db.Accounts.CountAsync(a => a.Email == email))).ShouldBe(1);
    }

    [Theory]
    [InlineData("grün.äpfel@bücher.example")]
    [InlineData("用户@例子.example")]
    [InlineData("o'brien+shop@sub.domain.example")]
    public async Task An_email_may_be_written_in_any_script(string address)
    {
        var email = $"{Guid.CreateVersion7():N}"[..12] + address;
        var person = await shop.RegisterAsync(email);
        await shop.LogInAsync(email.ToUpperInvariant(), person.Password).ShouldBeAsync(200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("@example.com")]
    [InlineData("a@b")]
    [InlineData("a@@b.example")]
    [InlineData("a b@c.example")]
    [InlineData("a\u0000b@c.example")]
    [InlineData("a@.example")]
    [InlineData("Ada <a@b.example>")]
    public async Task What_is_no_email_is_refused(string email)
    {
        using var client = shop.Anonymous();
        var problem = await client.PostAsJsonAsync($"{Api}/registration", new { email, password = GoodPassword, name = "Ada" }).ShouldFailAsync(400, "request.invalid");
        problem["errors"]!["email"].ShouldNotBeNull(problem.ToJsonString());
    }

    [Theory]
    [InlineData("short", "at least 12")]
    [InlineData("elevenchars", "at least 12")]
    [InlineData("Password1234", "common")]
    [InlineData("qwertyuiop!!", "common")]
    [InlineData("aaaaaaaaaaaaaaa", "common")]
    [InlineData("1234567890123", "common")]
    [InlineData("my-MARIANNE-secret", "name in the email")]
    public async Task A_password_that_is_guessed_first_is_refused(string password, string why)
    {
        using var client = shop.Anonymous();
        var problem = await client.PostAsJsonAsync($"{Api}/registration", new { email = "marianne@people.example", password, name = "Marianne" })
            .ShouldFailAsync(400, "request.invalid");
        problem["errors"]!["password"]![0]!.GetValue<string>().ShouldContain(why);
        problem.ToJsonString().ShouldNotContain(password);
    }

    [Theory]
    [InlineData("Mixed-10ch")]
    [InlineData("entirely lower case")]
    public async Task A_password_is_long_or_a_little_shorter_and_mixed(string password) => await shop.RegisterAsync(password: password);

    [Theory]
    [InlineData("""{"email":"a@b.example","password":"correct horse battery","name":""")]
    [InlineData("""{"email":5,"password":"correct horse battery","name":"Ada"}""")]
    [InlineData("""{"email":null,"password":"correct horse battery","name":"Ada"}""")]
    [InlineData("""{"password":"correct horse battery","name":"Ada"}""")]
    [InlineData("""{"email":"a@b.example","password":"correct horse battery","name":"Ada","role":"operator"}""")]
    [InlineData("""{"email":"a@b.example","password":"correct horse battery","name":"Ada","anonymousCartId":"x"}""")]
    [InlineData("""{"email":"a\ud800@b.example","password":"correct horse battery","name":"Ada"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_cannot_be_read_is_refused(string body)
    {
        using var client = shop.Anonymous();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        await client.PostAsync(new Uri($"{Api}/registration", UriKind.Relative), content).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Megabytes_are_refused_in_every_field()
    {
        var megabyte = new string('x', 1024 * 1024);
        using var client = shop.Anonymous();
        var problem = await client.PostAsJsonAsync($"{Api}/registration", new { email = megabyte, password = megabyte, name = megabyte }).ShouldFailAsync(400, "request.invalid");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["email", "password", "name"], ignoreOrder: true);
        problem.ToJsonString().Length.ShouldBeLessThan(2000);
        await client.PostAsJsonAsync($"{Api}/login", new { email = megabyte, password = megabyte }).ShouldFailAsync(400, "request.invalid");
        await client.PostAsJsonAsync($"{Api}/refresh", new { refreshToken = megabyte }).ShouldFailAsync(400, "request.invalid");
    }
}
