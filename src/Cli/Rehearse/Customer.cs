using System.Globalization;
using System.Text.Json.Nodes;

namespace ModularShop.Cli.Rehearse;

/// <summary>Somebody who buys, again and again, and remembers every order that the shop confirmed.</summary>
internal sealed class Customer
{
    private const string Password = "correct horse battery";

    private static readonly object Address = new { recipient = "Ada Example", line1 = "Hauptstraße 1", city = "Berlin", postalCode = "10115", country = "DE" };

    private readonly Caller _caller;
    private readonly List<string> _orders = [];

    private Customer(Caller caller, string email, string token) => (_caller, Email, Token) = (caller, email, token);

    private string Email { get; }

    public string Token { get; }

    public IReadOnlyList<string> Orders => _orders;

    /// <returns>Null where the shop does not answer as it should; that is recorded.</returns>
    public static async Task<Customer?> RegisterAsync(Caller caller, CancellationToken cancellationToken)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"customer-{Guid.CreateVersion7():N}@example.com");
        return await caller.AskAsync(
                new Request(HttpMethod.Post, "customers/registration", new { email, password = Password, name = "1" }, Done: System.Net.HttpStatusCode.Conflict), cancellationToken) is not null
            && await LogInAsync(caller, email, Password, cancellationToken) is { } token
            ? new Customer(caller, email, token)
            : null;
    }

    public Task<string?> LogInAsync(CancellationToken cancellationToken) => LogInAsync(_caller, Email, Password, cancellationToken);

    public static async Task<string?> LogInAsync(Caller caller, string email, string password, CancellationToken cancellationToken) =>
        Text(await caller.AskAsync(new Request(HttpMethod.Post, "customers/login", new { email, password }), cancellationToken), "accessToken");

    /// <summary>A cart, a card, a checkout: each with its key, so that each may be repeated.</summary>
    public async Task<bool> BuyAsync(string sku, CancellationToken cancellationToken)
    {
        if (Text(await _caller.AskAsync(new Request(HttpMethod.Post, "ordering/carts", null, Token), cancellationToken), "id") is not { } cart
            || await _caller.AskAsync(new Request(HttpMethod.Put, $"ordering/carts/{cart}/lines/{sku}", new { quantity = 1 }, Token), cancellationToken) is null
            || Text(await _caller.AskAsync(
                new Request(HttpMethod.Post, "payments/cards", new { number = "4242424242424242", expiryMonth = 12, expiryYear = TimeProvider.System.GetUtcNow().Year + 4, cvc = "123" }, Token), cancellationToken), "token") is not { } card
            || Text(await _caller.AskAsync(
                new Request(HttpMethod.Post, $"ordering/carts/{cart}/checkout", new { service = "standard", cardToken = card, address = Address }, Token, $"checkout-{cart}"), cancellationToken), "orderId") is not { } order)
        {
            return false;
        }

        lock (_orders)
        {
            _orders.Add(order);
        }

        return true;
    }

    private static string? Text(JsonNode? answer, string field) => answer?[field]?.GetValue<string>();
}
