using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

public sealed class OperatorTests(CustomersShop shop) : IClassFixture<CustomersShop>
{
    [Fact]
    public async Task An_operator_makes_another_who_then_changes_the_password()
    {
        var email = NewEmail();
        using var operators = shop.Operator();
        var made = await operators.PostAsJsonAsync($"{Api}/operators", new { email, password = GoodPassword, name = "Olga" }).ShouldBeAsync(201);
        made.Text("email").ShouldBe(email);

        var tokens = await shop.LogInAsync(email, GoodPassword).ShouldBeAsync(200);
        using var olga = shop.With(tokens.Text("accessToken"));
        await olga.AskAsync($"{made.Text("id")}").ShouldBeAsync(200);
        await olga.PutAsJsonAsync($"{Api}/me/password", new { currentPassword = GoodPassword, newPassword = "a phrase of her own" }).ShouldHaveStatusAsync(204);
        await shop.LogInAsync(email, "a phrase of her own").ShouldBeAsync(200);
        await olga.PostAsync(new Uri($"{Api}/logout-everywhere", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        await shop.RefreshAsync(tokens.Text("refreshToken")).ShouldFailAsync(401, "customers.refresh_invalid");
        await operators.PostAsJsonAsync($"{Api}/operators", new { email, password = GoodPassword, name = "Olga" }).ShouldFailAsync(409, "customers.email_taken");
    }

    [Fact]
    public async Task Operators_are_listed_apart_from_customers_and_tell_nobody_that_they_log_in()
    {
        var email = NewEmail();
        using var operators = shop.Operator();
        var made = await operators.PostAsJsonAsync($"{Api}/operators", new { email, password = GoodPassword, name = "Olga" }).ShouldBeAsync(201);
        (await operators.AskAsync($"?email={email}").ShouldBeAsync(200))["items"]!.AsArray().ShouldBeEmpty();
        (await operators.AskAsync($"?role=operator&email={email}").ShouldBeAsync(200))["items"]!.AsArray().ShouldHaveSingleItem();

        await shop.LogInAsync(email, GoodPassword).ShouldBeAsync(200);
        var ada = await shop.RegisterAsync();
        var id = await shop.IdOfAsync(ada);
        await shop.PublishedAsync<ModularShop.Customers.Contracts.CustomerLoggedIn>(m => m.CustomerId == id);
        await shop.SettledAsync();
        shop.Published<ModularShop.Customers.Contracts.CustomerLoggedIn>(m => m.CustomerId == made["id"]!.GetValue<Guid>()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Customers_are_searched_by_the_beginning_of_the_email_and_paged()
    {
        var beginning = $"page{Guid.CreateVersion7():N}";
        var emails = new List<string>();
        foreach (var name in new[] { "d", "a", "c", "ä", "b", "%" })
        {
            emails.Add((await shop.RegisterAsync($"{beginning}{name}@people.example")).Email);
        }

        using var operators = shop.Operator();
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await operators.AskAsync($"?email={beginning.ToUpperInvariant()}&size=2&after={after}".Replace("&after=", after is null ? "" : "&after=", StringComparison.Ordinal))
                .ShouldBeAsync(200);
            var items = page["items"]!.AsArray();
            items.Count.ShouldBeInRange(1, 2);
            seen.AddRange(items.Select(i => i!.Text("email")));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        seen.ShouldBe(emails.Order(StringComparer.Ordinal));
        (await operators.AskAsync($"?email={beginning}%25").ShouldBeAsync(200))["items"]!.AsArray().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("?size=0", "request.invalid")]
    [InlineData("?size=101", "request.invalid")]
    [InlineData("?size=many", "request.malformed")]
    [InlineData("?after=x", "request.cursor")]
    [InlineData("?after=bnVsbA", "request.cursor")]
    [InlineData("?after=e30", "request.cursor")]
    [InlineData("?email=a%00", "request.invalid")]
    [InlineData("?role=emperor", "request.invalid")]
    public async Task A_question_that_cannot_be_answered_is_refused(string query, string code)
    {
        using var operators = shop.Operator();
        await operators.AskAsync(query).ShouldFailAsync(400, code);
    }

    [Fact]
    public async Task What_is_for_operators_is_not_for_customers_or_nobody()
    {
        var id = Guid.CreateVersion7();
        using var customer = shop.With((await shop.RegisterAsync()).AccessToken);
        using var nobody = shop.Anonymous();
        var body = new { email = NewEmail(), password = GoodPassword, name = "Eve" };
        foreach (var (client, status, code) in new (HttpClient, int, string)[] { (customer, 403, "request.forbidden"), (nobody, 401, "request.unauthenticated") })
        {
            await client.AskAsync("").ShouldFailAsync(status, code);
            await client.AskAsync($"{id}").ShouldFailAsync(status, code);
            await client.PostAsync(new Uri($"{Api}/{id}/unlock", UriKind.Relative), null).ShouldFailAsync(status, code);
            await client.PostAsJsonAsync($"{Api}/operators", body).ShouldFailAsync(status, code);
        }
    }

    [Fact]
    public async Task An_account_there_is_not_is_not_found()
    {
        using var operators = shop.Operator();
        await operators.AskAsync($"{Guid.CreateVersion7()}").ShouldFailAsync(404, "customers.account_not_found");
        await operators.PostAsync(new Uri($"{Api}/{Guid.CreateVersion7()}/unlock", UriKind.Relative), null).ShouldFailAsync(404, "customers.account_not_found");
    }

    [Fact]
    public async Task The_first_operator_comes_from_configuration_once()
    {
        await using var configured = new ConfiguredShop();
        await configured.InitializeAsync();
        var tokens = await configured.LogInAsync("first@shop.example", "an opening phrase").ShouldBeAsync(200);
        using var first = configured.With(tokens.Text("accessToken"));
        var rows = (await first.AskAsync("?role=operator").ShouldBeAsync(200))["items"]!.AsArray();
        rows.ShouldHaveSingleItem()!.Text("email").ShouldBe("first@shop.example");
    }

    private sealed class ConfiguredShop : CustomersShop, IAsyncDisposable
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            .. base.Settings,
            new("Customers:FirstOperator:Email", "First@shop.example"),
            new("Customers:FirstOperator:Password", "an opening phrase"),
        ];

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}
