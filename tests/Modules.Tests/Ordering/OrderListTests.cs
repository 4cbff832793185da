using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Contracts;

namespace Modules.Tests.Ordering;

[Collection(OrderingCollection.Name)]
public sealed class OrderListTests(OrderingShop shop) : IDisposable
{
    private readonly Shopper _shopper = new(shop);

    public void Dispose() => _shopper.Dispose();

    [Fact]
    public async Task A_customers_orders_come_newest_first_a_page_at_a_time()
    {
        var placed = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            placed.Insert(0, (await _shopper.PlacesOrderAsync()).Number);
        }

        await shop.SettledAsync();
        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = await _shopper.Http.GetAsync(Shopper.Url($"orders?size=2{after}")).ShouldBeAsync(200);
            page["items"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page["items"]!.AsArray().Select(o => o!["number"]!.GetValue<string>()));
            after = page["next"] is JsonValue next ? $"&after={next.GetValue<string>()}" : null;
        }
        while (after is not null);

        seen.ShouldBe(placed);
        await _shopper.Http.GetAsync(Shopper.Url("orders?after=nonsense")).ShouldFailAsync(400, "request.cursor");
        await _shopper.Http.GetAsync(Shopper.Url("orders?size=0")).ShouldFailAsync(400, "request.invalid");
        await _shopper.Http.GetAsync(Shopper.Url("orders?size=many")).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Operators_list_everybodys_orders_of_a_status()
    {
        var placed = await _shopper.PlacesOrderAsync();
        var rejected = await _shopper.PlacesOrderAsync();
        await rejected.HearsAsync(new StockReservationRefused(rejected.Id, []));
        await shop.SettledAsync();
        using var operators = shop.Operator();

        (await NumbersAsync("orders/all?status=rejected&size=100")).ShouldContain(n => n == rejected.Number);
        (await NumbersAsync("orders/all?status=rejected&size=100")).ShouldNotContain(n => n == placed.Number);
        (await NumbersAsync("orders/all?size=100")).Take(2).ShouldBe([rejected.Number, placed.Number]);
        await operators.GetAsync(Shopper.Url("orders/all?status=lost")).ShouldFailAsync(400, "request.invalid");
        await operators.GetAsync(Shopper.Url("orders/all?status=77")).ShouldFailAsync(400, "request.invalid");
        await _shopper.Http.GetAsync(Shopper.Url("orders/all")).ShouldFailAsync(403, "request.forbidden");
        await operators.GetAsync(Shopper.Url("orders")).ShouldFailAsync(403, "request.forbidden");

        async Task<List<string>> NumbersAsync(string path) =>
            [.. (await operators.GetAsync(Shopper.Url(path)).ShouldBeAsync(200))["items"]!.AsArray().Select(o => o!["number"]!.GetValue<string>())];
    }

    [Fact]
    public async Task A_message_that_is_delivered_twice_is_in_the_history_once()
    {
        var order = await _shopper.PlacesOrderAsync();
        var (id, message) = (Guid.CreateVersion7(), new StockReserved(order.Id, shop.Clock.GetUtcNow()));

        await shop.DeliverAsync("Ordering", "Catalog", $"reservation/{order.Id}", message, id);
        await shop.DeliverAsync("Ordering", "Catalog", $"reservation/{order.Id}", message, id);
        await shop.SettledAsync();

        (await order.HistoryAsync()).ShouldBe(["orderPlaced", "stockReserved"]);
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment"]);
    }

    [Fact]
    public async Task Other_modules_can_ask_about_an_order()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");
        await using var scope = shop.Services.CreateAsyncScope();
        var api = scope.ServiceProvider.GetRequiredService<IOrderingApi>();

        var summary = (await api.GetOrderAsync(order.Id, CancellationToken.None))!;

        (summary.Number, summary.CustomerId, summary.Status, summary.Total.Amount).ShouldBe((order.Number, _shopper.Id, "confirmed", 4488));
        (await api.GetOrderAsync(Guid.CreateVersion7(), CancellationToken.None)).ShouldBeNull();
    }
}
