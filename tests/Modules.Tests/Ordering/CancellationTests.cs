using ModularShop.Payments.Contracts;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Ordering;

[Collection(OrderingCollection.Name)]
public sealed class CancellationTests(OrderingShop shop) : IDisposable
{
    private readonly Shopper _shopper = new(shop);

    public void Dispose() => _shopper.Dispose();

    [Theory]
    [InlineData("reservingStock", "ReserveStock ReleaseStock")]
    [InlineData("authorisingPayment", "ReserveStock AuthorisePayment VoidPayment ReleaseStock")]
    public async Task Before_the_shipment_is_asked_for_an_order_is_cancelled_at_once(string state, string commands)
    {
        var order = await _shopper.PlacesOrderAsync(state);

        var cancelled = await order.CancelAsync().ShouldBeAsync(200);

        cancelled["status"]!.GetValue<string>().ShouldBe("cancelled");
        (await order.CommandsAsync()).ShouldBe(commands.Split(' '));
        (await order.EventsAsync()).ShouldBe(["OrderCancelled"]);
        (await order.HistoryAsync()).ShouldContain(k => k == "orderCancelled");
        await _shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldFailAsync(404, "ordering.cart_not_found");
    }

    [Theory]
    [InlineData("creatingShipment", "OrderCancelled")]
    [InlineData("confirmed", "OrderConfirmed OrderCancelled")]
    public async Task Afterwards_the_shipment_is_stopped_first(string state, string events)
    {
        var order = await _shopper.PlacesOrderAsync(state);

        (await order.CancelAsync().ShouldBeAsync(200))["status"]!.GetValue<string>().ShouldBe("cancelling");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment", "CancelShipment"]);
        await order.HearsAsync(new ShipmentCancelled(order.Id));

        (await order.StatusAsync()).ShouldBe("cancelled");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment", "CancelShipment", "VoidPayment", "ReleaseStock"]);
        (await order.EventsAsync()).ShouldBe(events.Split(' '));
    }

    [Fact]
    public async Task An_order_whose_shipment_cannot_be_stopped_goes_on_and_says_why()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");
        await order.CancelAsync().ShouldHaveStatusAsync(200);

        await order.HearsAsync(new ShipmentCancellationRefused(order.Id, "already_dispatched"));

        var read = await order.ReadAsync();
        read["status"]!.GetValue<string>().ShouldBe("confirmed");
        read["reason"]!.GetValue<string>().ShouldContain("the parcel has left");
        (await order.HistoryAsync()).ShouldContain(k => k == "shipmentCancellationRefused");
        await order.HearsAsync(new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-1", shop.Clock.GetUtcNow()));
        (await order.StatusAsync()).ShouldBe("shipped");
        (await order.CommandsAsync()).ShouldNotContain(c => c == "VoidPayment");
    }

    [Fact]
    public async Task A_parcel_that_leaves_while_the_order_is_cancelled_makes_it_shipped()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");
        await order.CancelAsync().ShouldHaveStatusAsync(200);

        await order.HearsAsync(new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-1", shop.Clock.GetUtcNow()));
        (await order.StatusAsync()).ShouldBe("cancelling");
        await order.HearsAsync(new ShipmentCancellationRefused(order.Id, "already_dispatched"));

        (await order.StatusAsync()).ShouldBe("shipped");
        await order.CancelAsync().ShouldFailAsync(409, "ordering.order_not_cancellable");
    }

    [Fact]
    public async Task An_order_that_has_left_or_was_rejected_cannot_be_cancelled()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");
        foreach (var news in new ModularShop.Contracts.IMessage[]
        {
            new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-1", shop.Clock.GetUtcNow()),
            new ShipmentDelivered(order.Id, Guid.CreateVersion7(), shop.Clock.GetUtcNow()),
            new InvoiceIssued(order.Id, _shopper.Id, "INV-1", new ModularShop.Contracts.Money(4488, "EUR"), shop.Clock.GetUtcNow()),
        })
        {
            await order.HearsAsync(news);
            (await order.ReadAsync())["cancellable"]!.GetValue<bool>().ShouldBeFalse();
            (await order.CancelAsync().ShouldFailAsync(409, "ordering.order_not_cancellable"))["detail"]!.GetValue<string>().ShouldContain("carrier");
        }

        var rejected = await _shopper.PlacesOrderAsync("authorisingPayment");
        await rejected.HearsAsync(new PaymentDeclined(rejected.Id, Guid.CreateVersion7(), "declined"));
        (await rejected.CancelAsync().ShouldFailAsync(409, "ordering.order_not_cancellable"))["detail"]!.GetValue<string>().ShouldContain("rejected");
    }

    [Fact]
    public async Task Asking_many_times_at_once_cancels_once()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => order.CancelAsync().ShouldHaveStatusAsync(200)));
        await order.HearsAsync(new ShipmentCancelled(order.Id));
        await order.CancelAsync().ShouldHaveStatusAsync(200);

        (await order.CommandsAsync()).Count(c => c == "CancelShipment").ShouldBe(1);
        (await order.EventsAsync()).ShouldBe(["OrderConfirmed", "OrderCancelled"]);
    }

    [Fact]
    public async Task An_operator_cancels_anybodys_order_and_says_why()
    {
        var order = await _shopper.PlacesOrderAsync("reservingStock");
        using var operators = shop.Operator();

        await operators.PostAsJsonAsync(Shopper.Url($"orders/{order.Id}/cancel"), new { reason = new string('x', 501) }).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(Shopper.Url($"orders/{order.Id}/cancel"), new { reason = "The kettle was recalled." }).ShouldHaveStatusAsync(200);

        (await order.ReadAsync())["reason"]!.GetValue<string>().ShouldBe("The shop cancelled the order: The kettle was recalled.");
    }

    [Fact]
    public async Task Somebody_elses_order_is_not_there()
    {
        var order = await _shopper.PlacesOrderAsync("reservingStock");
        using var stranger = new Shopper(shop);
        using var nobody = shop.Anonymous();

        foreach (var path in new[] { $"orders/{order.Id}", $"orders/{order.Id}/history" })
        {
            await stranger.Http.GetAsync(Shopper.Url(path)).ShouldFailAsync(404, "ordering.order_not_found");
            await nobody.GetAsync(Shopper.Url(path)).ShouldFailAsync(401, "request.unauthenticated");
        }

        await stranger.Http.PostAsync(Shopper.Url($"orders/{order.Id}/cancel"), null).ShouldFailAsync(404, "ordering.order_not_found");
        (await stranger.Http.GetAsync(Shopper.Url("orders")).ShouldBeAsync(200))["items"]!.AsArray().ShouldBeEmpty();
        (await order.StatusAsync()).ShouldBe("placed");
        using var operators = shop.Operator();
        await operators.GetAsync(Shopper.Url($"orders/{order.Id}")).ShouldHaveStatusAsync(200);
        await operators.GetAsync(Shopper.Url($"orders/{order.Id}/history")).ShouldHaveStatusAsync(200);
    }
}
