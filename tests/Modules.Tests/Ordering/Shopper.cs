using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Ordering;

/// <summary>A customer who fills a cart and orders, and the other modules' answers to that order.</summary>
internal sealed class Shopper(OrderingShop shop, Guid? id = null) : IDisposable
{
    public const string Api = "/api/v1/ordering";

    public static readonly PostalAddress Home = new("Ada Lovelace", "12 Analytical Way", "Berlin", "10115", "DE");

    public Guid Id { get; } = id ?? Guid.CreateVersion7();

    public HttpClient Http => field ??= shop.Customer(Id);

    /// <summary>A cart with these products, so many of each.</summary>
    public async Task<Guid> FillsCartAsync(int quantity, params string[] skus)
    {
        var cart = (await Http.PostAsync(Url("carts"), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        foreach (var sku in skus)
        {
            await PutsAsync(cart, sku, quantity).ShouldHaveStatusAsync(200);
        }

        return cart;
    }

    public Task<HttpResponseMessage> PutsAsync(Guid cart, string sku, int quantity) => Http.PutAsJsonAsync(Url($"carts/{cart}/lines/{sku}"), new { quantity });

    public async Task<HttpResponseMessage> ChecksOutAsync(Guid cart, string? key = null, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url($"carts/{cart}/checkout"));
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key ?? Guid.CreateVersion7().ToString());
        request.Content = JsonContent.Create(body ?? new { address = Home, service = "standard", cardToken = "tok_approved" });
        return await Http.SendAsync(request);
    }

    /// <summary>Two pieces of one product of 19.99, by standard: 44.88.</summary>
    public async Task<PlacedOrder> PlacesOrderAsync()
    {
        var sku = shop.Catalog.Sells(1999);
        var cart = await FillsCartAsync(2, sku);
        var receipt = await ChecksOutAsync(cart).ShouldBeAsync(201);
        var order = new PlacedOrder(shop, this, receipt["orderId"]!.GetValue<Guid>(), receipt["number"]!.GetValue<string>(), sku);
        await shop.PublishedAsync<ReserveStock>(m => m.OrderId == order.Id);
        return order;
    }

    /// <summary>An order whose saga waits in that state.</summary>
    public async Task<PlacedOrder> PlacesOrderAsync(string upTo)
    {
        var order = await PlacesOrderAsync();
        if (upTo is "authorisingPayment" or "creatingShipment" or "confirmed")
        {
            await order.HearsAsync(new StockReserved(order.Id, shop.Clock.GetUtcNow().AddMinutes(10)));
        }

        if (upTo is "creatingShipment" or "confirmed")
        {
            await order.HearsAsync(new PaymentAuthorised(order.Id, Guid.CreateVersion7(), new Money(4488, "EUR")));
        }

        if (upTo is "confirmed")
        {
            await order.HearsAsync(new ShipmentCreated(order.Id, Guid.CreateVersion7(), "TRACK-1"));
        }

        (await order.SagaStateAsync()).ShouldBe(upTo);
        return order;
    }

    public void Dispose() => Http.Dispose();

    public static Uri Url(string path) => new($"{Api}/{path}", UriKind.Relative);
}

internal sealed record PlacedOrder(OrderingShop Shop, Shopper Shopper, Guid Id, string Number, string Sku)
{
    /// <summary>Delivers another module's message and waits until Ordering has handled it.</summary>
    public Task HearsAsync(IMessage message)
    {
        var source = message.GetType().Assembly.GetName().Name!.Split('.')[1];
        return Shop.DeliverAsync("Ordering", source, $"{source}/{Id}", message);
    }

    public async Task<JsonNode> ReadAsync() => await Shopper.Http.GetAsync(Shopper.Url($"orders/{Id}")).ShouldBeAsync(200);

    public async Task<string> StatusAsync() => (await ReadAsync())["status"]!.GetValue<string>();

    public Task<HttpResponseMessage> CancelAsync() => Shopper.Http.PostAsync(Shopper.Url($"orders/{Id}/cancel"), null);

    public async Task<string> SagaStateAsync()
    {
        using var operators = Shop.Operator();
        return (await operators.GetAsync(Shopper.Url($"orders/{Id}/saga")).ShouldBeAsync(200))["state"]!.GetValue<string>();
    }

    public async Task<IReadOnlyList<string>> HistoryAsync()
    {
        var page = await Shopper.Http.GetAsync(Shopper.Url($"orders/{Id}/history")).ShouldBeAsync(200);
        return [.. page["items"]!.AsArray().Select(e => e!["kind"]!.GetValue<string>())];
    }

    /// <summary>What the saga has told other modules to do, by name, in its order.</summary>
    public async Task<IReadOnlyList<string>> CommandsAsync()
    {
        await Shop.SettledAsync();
        return [.. Shop.PublishedOn($"checkout/{Id}")];
    }

    /// <summary>What the rest of the shop was told about the order.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync()
    {
        await Shop.SettledAsync();
        return [.. Shop.PublishedOn($"order/{Id}")];
    }
}
