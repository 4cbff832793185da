using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shouldly;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>What Customers' API promises, wherever the module runs and whoever answers.</summary>
public abstract class CustomersContract(IShopClients shop)
{
    private const string Api = "/api/v1/customers";
    private const string Password = "correct horse battery";

    private static readonly object Home = new { recipient = "Ada", line1 = "1 High Street", city = "London", postalCode = "SW1A 1AA", country = "gb" };

    [Fact]
    public async Task Who_registers_is_logged_in_and_can_log_in_again()
    {
        var email = NewEmail();
        using var registered = With(await RegisterAsync(email));
        (await registered.GetAsync(At("me")).ShouldBeAsync(200))["email"]!.GetValue<string>().ShouldBe(email);
        using var back = With(await LogInAsync(email.ToUpperInvariant(), Password).ShouldBeAsync(200));
        (await back.GetAsync(At("me")).ShouldBeAsync(200))["email"]!.GetValue<string>().ShouldBe(email);
        using var nobody = shop.Anonymous();
        await nobody.PostAsJsonAsync($"{Api}/registration", new { email, password = Password, name = "Ada Test" }).ShouldFailAsync(409, "customers.email_taken");
        await nobody.PostAsJsonAsync($"{Api}/registration", new { email = NewEmail(), password = "short", name = "Ada Test" }).ShouldFailAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_email_get_the_same_answer()
    {
        var email = NewEmail();
        await RegisterAsync(email);
        var wrong = await LogInAsync(email, "not the password").ShouldFailAsync(401, "customers.bad_credentials");
        var unknown = await LogInAsync(NewEmail(), "not the password").ShouldFailAsync(401, "customers.bad_credentials");
        unknown["detail"]!.GetValue<string>().ShouldBe(wrong["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_is_signed_with_a_key_that_is_published_and_taken_by_all_modules()
    {
        var token = Access(await RegisterAsync(NewEmail()));
        using var nobody = shop.Anonymous();
        var keys = new JsonWebKeySet((await nobody.GetAsync(At("jwks")).ShouldBeAsync(200)).ToJsonString());
        keys.GetSigningKeys().ShouldContain(k => k.KeyId == new JsonWebToken(token).Kid);
        using var customer = shop.With(token);
        await customer.GetAsync(new Uri("/api/v1/ordering/orders", UriKind.Relative)).ShouldHaveStatusAsync(200);
        await customer.GetAsync(new Uri("/api/v1/payments/invoices", UriKind.Relative)).ShouldHaveStatusAsync(200);
        await customer.GetAsync(new Uri("/api/v1/catalog/products/NOT-THERE/stock", UriKind.Relative)).ShouldFailAsync(403, "request.forbidden");
    }

    [Fact]
    public async Task A_refresh_token_is_good_until_its_session_is_ended()
    {
        var tokens = await RegisterAsync(NewEmail());
        var second = await RefreshAsync(tokens).ShouldBeAsync(200);
        Refresh(second).ShouldNotBe(Refresh(tokens), StringComparer.Ordinal);
        using var customer = With(second);
        await customer.GetAsync(At("me")).ShouldHaveStatusAsync(200);
        await customer.PostAsJsonAsync($"{Api}/logout", new { refreshToken = Refresh(second) }).ShouldHaveStatusAsync(204);
        await RefreshAsync(second).ShouldFailAsync(401, "customers.refresh_invalid");
    }

    [Fact]
    public async Task A_new_password_replaces_the_old_one_and_ends_the_other_sessions()
    {
        var email = NewEmail();
        var tokens = await RegisterAsync(email);
        var phone = await LogInAsync(email, Password).ShouldBeAsync(200);
        using var customer = With(tokens);
        var change = new { currentPassword = Password, newPassword = "another battery of horses" };
        await customer.PutAsJsonAsync($"{Api}/me/password", change with { currentPassword = "wrong" }).ShouldFailAsync(422, "customers.wrong_password");
        await customer.PutAsJsonAsync($"{Api}/me/password", change).ShouldHaveStatusAsync(204);
        await RefreshAsync(phone).ShouldFailAsync(401, "customers.refresh_invalid");
        await LogInAsync(email, Password).ShouldFailAsync(401, "customers.bad_credentials");
        await LogInAsync(email, change.newPassword).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Addresses_are_kept_for_their_customer_alone()
    {
        using var ada = With(await RegisterAsync(NewEmail()));
        var address = (await ada.PostAsJsonAsync($"{Api}/me/addresses", Home).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        (await ada.GetAsync(At("me/addresses")).ShouldBeAsync(200))["items"]!.AsArray().ShouldHaveSingleItem()!["country"]!.GetValue<string>().ShouldBe("GB");
        using var eve = With(await RegisterAsync(NewEmail()));
        await eve.PutAsJsonAsync($"{Api}/me/addresses/{address}", Home).ShouldFailAsync(404, "customers.address_not_found");
        await eve.DeleteAsync(At($"me/addresses/{address}")).ShouldFailAsync(404, "customers.address_not_found");
        await ada.PostAsJsonAsync($"{Api}/me/addresses", new { recipient = "Ada" }).ShouldFailAsync(400, "request.malformed");
        await ada.DeleteAsync(At($"me/addresses/{address}")).ShouldHaveStatusAsync(204);
        (await ada.GetAsync(At("me/addresses")).ShouldBeAsync(200))["items"]!.AsArray().ShouldBeEmpty();
    }

    /// <summary>Ordering asks Customers for it, wherever the two are.</summary>
    [Fact]
    public async Task An_address_of_the_address_book_is_one_to_send_a_cart_to()
    {
        using var ada = With(await RegisterAsync(NewEmail()));
        var addressId = (await ada.PostAsJsonAsync($"{Api}/me/addresses", Home).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        var cart = (await ada.PostAsync(new Uri("/api/v1/ordering/carts", UriKind.Relative), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        (await ada.PutAsJsonAsync($"/api/v1/ordering/carts/{cart}/address", new { addressId }).ShouldBeAsync(200))["address"]!["city"]!.GetValue<string>().ShouldBe("London");
        await ada.PutAsJsonAsync($"/api/v1/ordering/carts/{cart}/address", new { addressId = Guid.CreateVersion7() }).ShouldFailAsync(404, "ordering.address_not_found");
    }

    /// <summary>By a message of Customers that Ordering handles, wherever the two are.</summary>
    [Fact]
    public async Task The_cart_filled_before_logging_in_becomes_the_customers()
    {
        var sku = await shop.AddProductAsync();
        using var nobody = shop.Anonymous();
        var cart = (await nobody.PostAsync(new Uri("/api/v1/ordering/carts", UriKind.Relative), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        await nobody.PutAsJsonAsync($"/api/v1/ordering/carts/{cart}/lines/{sku}", new { quantity = 2 }).ShouldHaveStatusAsync(200);
        using var ada = With(await RegisterAsync(NewEmail(), cart));
        await Eventually.TrueAsync(
            async () =>
            {
                using var mine = await ada.GetAsync(new Uri("/api/v1/ordering/carts/mine", UriKind.Relative));
                return mine.IsSuccessStatusCode && (await mine.Content.ReadAsStringAsync()).Contains(sku, StringComparison.Ordinal);
            },
            "the cart to be the customer's");
    }

    [Fact]
    public async Task An_operator_finds_a_customer_and_a_customer_finds_nobody()
    {
        var email = NewEmail();
        var tokens = await RegisterAsync(email);
        using var operators = shop.Operator();
        var row = (await operators.GetAsync(At($"?email={email}")).ShouldBeAsync(200))["items"]!.AsArray().ShouldHaveSingleItem()!;
        await operators.GetAsync(At($"{row["id"]}")).ShouldHaveStatusAsync(200);
        await operators.GetAsync(At($"{Guid.CreateVersion7()}")).ShouldFailAsync(404, "customers.account_not_found");
        await operators.GetAsync(At("?size=0")).ShouldFailAsync(400, "request.invalid");
        using var customer = With(tokens);
        await customer.GetAsync(At($"?email={email}")).ShouldFailAsync(403, "request.forbidden");
        using var nobody = shop.Anonymous();
        await nobody.GetAsync(At("me")).ShouldFailAsync(401, "request.unauthenticated");
        using var forged = shop.With(TestTokens.Forge(Guid.CreateVersion7(), Modularity.Security.Access.Operator, TimeProvider.System.GetUtcNow()));
        await forged.GetAsync(At($"?email={email}")).ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task A_closed_account_is_closed_everywhere()
    {
        var email = NewEmail();
        var tokens = await RegisterAsync(email);
        using var customer = With(tokens);
        await customer.DeleteAsync(At("me")).ShouldHaveStatusAsync(204);
        await customer.GetAsync(At("me")).ShouldFailAsync(404, "customers.account_not_found");
        await RefreshAsync(tokens).ShouldFailAsync(401, "customers.refresh_invalid");
        await LogInAsync(email, Password).ShouldFailAsync(401, "customers.bad_credentials");
    }

    private static string NewEmail() => $"{Guid.CreateVersion7():N}@people.example";

    private static Uri At(string path) => new($"{Api}{(path is ['?', ..] ? path : $"/{path}")}", UriKind.Relative);

    private static string Access(JsonNode tokens) => tokens["accessToken"]!.GetValue<string>();

    private static string Refresh(JsonNode tokens) => tokens["refreshToken"]!.GetValue<string>();

    private HttpClient With(JsonNode tokens) => shop.With(Access(tokens));

    private async Task<JsonNode> RegisterAsync(string email, Guid? cart = null)
    {
        using var nobody = shop.Anonymous();
        return await nobody.PostAsJsonAsync($"{Api}/registration", new { email, password = Password, name = "Ada Test", anonymousCartId = cart }).ShouldBeAsync(201);
    }

    private async Task<HttpResponseMessage> LogInAsync(string email, string password)
    {
        using var nobody = shop.Anonymous();
        return await nobody.PostAsJsonAsync($"{Api}/login", new { email, password });
    }

    private async Task<HttpResponseMessage> RefreshAsync(JsonNode tokens)
    {
        using var nobody = shop.Anonymous();
        return await nobody.PostAsJsonAsync($"{Api}/refresh", new { refreshToken = Refresh(tokens) });
    }
}
