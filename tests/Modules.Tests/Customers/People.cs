using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Customers.Infrastructure;

namespace Modules.Tests.Customers;

/// <summary>A shop whose password hashes are quick, for suites that log in often; its clock is theirs to move.</summary>
public class CustomersShop : ShopFixture
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Customers:Passwords:Iterations", "1000")];
}

/// <summary>Somebody with an account: what they know, and what the shop has given them.</summary>
internal sealed record Person(string Email, string Password, JsonNode Tokens)
{
    public string AccessToken => Tokens["accessToken"]!.GetValue<string>();

    public string RefreshToken => Tokens["refreshToken"]!.GetValue<string>();
}

internal static class People
{
    public const string Api = "/api/v1/customers";

    public const string GoodPassword = "correct horse battery";

    public static string NewEmail() => $"{Guid.CreateVersion7():N}@people.example";

    public static async Task<Person> RegisterAsync(this ShopFixture shop, string? email = null, string password = GoodPassword, Guid? cart = null)
    {
        email ??= NewEmail();
        using var client = shop.Anonymous();
        var tokens = await client.PostAsJsonAsync($"{Api}/registration", new { email, password, name = "Ada Test", anonymousCartId = cart }).ShouldBeAsync(201);
        return new Person(email, password, tokens);
    }

    public static async Task<HttpResponseMessage> LogInAsync(this ShopFixture shop, string email, string password, Guid? cart = null)
    {
        using var client = shop.Anonymous();
        return await client.PostAsJsonAsync($"{Api}/login", new { email, password, anonymousCartId = cart });
    }

    public static async Task<HttpResponseMessage> RefreshAsync(this ShopFixture shop, string refreshToken)
    {
        using var client = shop.Anonymous();
        return await client.PostAsJsonAsync($"{Api}/refresh", new { refreshToken });
    }

    public static async Task<Guid> IdOfAsync(this ShopFixture shop, Person person)
    {
        using var client = shop.With(person.AccessToken);
        return (await client.GetAsync(new Uri($"{Api}/me", UriKind.Relative)).ShouldBeAsync(200))["id"]!.GetValue<Guid>();
    }

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();

    public static Task<HttpResponseMessage> AskAsync(this HttpClient client, string path) => client.GetAsync(new Uri($"{Api}{(path is "" or ['?', ..] ? path : $"/{path}")}", UriKind.Relative));

    public static Task<HttpResponseMessage> ForgetAsync(this HttpClient client, string path) => client.DeleteAsync(new Uri($"{Api}/{path}", UriKind.Relative));

    public static Task<T> ReadCustomersAsync<T>(this ShopFixture shop, Func<CustomersDbContext, Task<T>> query) =>
        shop.ReadAsync("Customers", db => query((CustomersDbContext)db));
}
