using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ModularShop.TestKit;

/// <summary>A customer with an account, who shops over HTTP and knows nothing but the API.</summary>
public sealed class Shopper(HttpClient client)
{
    public const string ApprovedCard = "4242424242424242";
    public const string DeclinedCard = "4000000000000002";

    public static readonly object Berlin = new { recipient = "Ada Example", line1 = "Hauptstraße 1", city = "Berlin", postalCode = "10115", country = "DE" };

    private const string Password = "correct horse battery";

    private readonly string _email = string.Create(CultureInfo.InvariantCulture, $"shopper-{Guid.CreateVersion7():N}@example.com");
    private string _accessToken = "";

    public static async Task<Shopper> RegisterAsync(HttpClient client)
    {
        var shopper = new Shopper(client);
        var tokens = await shopper.SendAsync(HttpMethod.Post, "customers/registration", new
        {
            email = shopper._email, password = Password, name = "Ada Example",
        }).ShouldBeAsync(201);
        shopper._accessToken = tokens["accessToken"]!.GetValue<string>();
        return shopper;
    }

    /// <summary>Fills the cart and checks it out; the idempotency key is the client's to repeat.</summary>
    public async Task<Guid> BuyAsync(string sku, int quantity, string cardNumber = ApprovedCard, string? idempotencyKey = null)
    {
        var cart = await FillCartAsync(sku, quantity);
        return await CheckOutAsync(cart, await CardAsync(cardNumber), idempotencyKey ?? Guid.CreateVersion7().ToString());
    }

    public async Task<Guid> FillCartAsync(string sku, int quantity)
    {
        var cart = (await SendAsync(HttpMethod.Post, "ordering/carts").ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        await SendAsync(HttpMethod.Put, $"ordering/carts/{cart}/lines/{sku}", new { quantity }).ShouldHaveStatusAsync(200);
        return cart;
    }

    public async Task<string> CardAsync(string number) =>
        (await SendAsync(HttpMethod.Post, "payments/cards", new { number, expiryMonth = 12, expiryYear = 2030, cvc = "123" }).ShouldBeAsync(200))["token"]!.GetValue<string>();

    public async Task<Guid> CheckOutAsync(Guid cart, string cardToken, string idempotencyKey) =>
        (await SendAsync(HttpMethod.Post, $"ordering/carts/{cart}/checkout", new { service = "standard", cardToken, address = Berlin }, idempotencyKey)
            .ShouldBeAsync(201))["orderId"]!.GetValue<Guid>();

    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path).ShouldBeAsync(200);

    public async Task<string> StatusAsync(Guid order) => (await GetAsync($"ordering/orders/{order}"))["status"]!.GetValue<string>();

    public Task BecomesAsync(Guid order, params string[] statuses) => Eventually.TrueAsync(
        async () =>
        {
            var status = await StatusAsync(order);
            return statuses.Contains(status, StringComparer.Ordinal);
        },
        $"order {order} to become {string.Join(" or ", statuses)}",
        TimeSpan.FromSeconds(60));

    /// <summary>Logs in again where the access token is no longer taken.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? idempotencyKey = null)
    {
        var response = await SendOnceAsync(method, path, body, idempotencyKey);
        if (response.StatusCode is not HttpStatusCode.Unauthorized || _accessToken.Length == 0)
        {
            return response;
        }

        response.Dispose();
        _accessToken = "";
        _accessToken = (await SendOnceAsync(HttpMethod.Post, "customers/login", new { email = _email, password = Password }, null).ShouldBeAsync(200))["accessToken"]!.GetValue<string>();
        return await SendOnceAsync(method, path, body, idempotencyKey);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, string path, object? body, string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/api/v1/{path}", UriKind.Relative));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (_accessToken.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _accessToken);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await client.SendAsync(request);
    }
}
