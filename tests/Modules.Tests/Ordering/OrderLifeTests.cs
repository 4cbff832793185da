using System.Text.Json.Nodes;
using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;
using ModularShop.Ordering.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Ordering;

[Collection(OrderingCollection.Name)]
public sealed class OrderLifeTests(OrderingShop shop) : IDisposable
{
    private static readonly Guid Payment = Guid.CreateVersion7();

    private static readonly Money Total = new(4488, "EUR");

    private readonly Shopper _shopper = new(shop);

    public void Dispose() => _shopper.Dispose();

    [Fact]
    public async Task An_order_goes_from_the_cart_to_the_invoice()
    {
        var order = await _shopper.PlacesOrderAsync();
        (await order.StatusAsync()).ShouldBe("placed");

        await order.HearsAsync(new StockReserved(order.Id, shop.Clock.GetUtcNow().AddMinutes(10)));
        var payment = await shop.PublishedAsync<AuthorisePayment>(m => m.OrderId == order.Id);
        payment.ShouldBe(new AuthorisePayment(order.Id, order.Number, _shopper.Id, Total, "tok_approved"));
        await order.HearsAsync(new PaymentAuthorised(order.Id, Payment, Total));
        var shipment = await shop.PublishedAsync<CreateShipment>(m => m.OrderId == order.Id);
        shipment.ShouldBe(new CreateShipment(order.Id, order.Number, _shopper.Id, Shopper.Home, "standard", 1000));
        await order.HearsAsync(new ShipmentCreated(order.Id, Guid.CreateVersion7(), "TRACK-1"));
        (await order.StatusAsync()).ShouldBe("confirmed");
        (await shop.PublishedAsync<OrderConfirmed>(m => m.OrderId == order.Id)).ShouldBe(new OrderConfirmed(order.Id, order.Number, _shopper.Id, Total));

        await order.HearsAsync(new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-1", shop.Clock.GetUtcNow()));
        (await order.StatusAsync()).ShouldBe("shipped");
        await order.HearsAsync(new ShipmentDelivered(order.Id, Guid.CreateVersion7(), shop.Clock.GetUtcNow()));
        (await order.StatusAsync()).ShouldBe("delivered");
        await order.HearsAsync(new PaymentCaptured(order.Id, Payment, Total));
        await order.HearsAsync(new InvoiceIssued(order.Id, _shopper.Id, "INV-2026-1", Total, shop.Clock.GetUtcNow()));

        var done = await order.ReadAsync();
        (done["status"]!.GetValue<string>(), done["trackingNumber"]!.GetValue<string>(), done["invoiceNumber"]!.GetValue<string>())
            .ShouldBe(("completed", "TRACK-1", "INV-2026-1"));
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment"]);
        (await order.EventsAsync()).ShouldBe(["OrderConfirmed"]);
        (await order.HistoryAsync()).ShouldBe(
        [
            "orderPlaced", "stockReserved", "paymentAuthorised", "shipmentCreated", "orderConfirmed", "shipmentDispatched", "shipmentDelivered",
            "paymentCaptured", "invoiceIssued", "orderCompleted",
        ]);
    }

    [Fact]
    public async Task An_order_whose_stock_is_gone_is_rejected_and_says_what_is_missing()
    {
        var order = await _shopper.PlacesOrderAsync();

        await order.HearsAsync(new StockReservationRefused(order.Id, [new StockShortage(order.Sku, 2, 1)]));

        await IsRejectedAsync(order, "Kettle (2 wanted, 1 left)", "ReserveStock");
    }

    [Theory]
    [InlineData("declined", "declined")]
    [InlineData("insufficient_funds", "not enough funds")]
    [InlineData("provider_unavailable", "could not be reached")]
    public async Task An_order_whose_payment_is_declined_releases_its_stock(string code, string reason)
    {
        var order = await _shopper.PlacesOrderAsync("authorisingPayment");

        await order.HearsAsync(new PaymentDeclined(order.Id, Payment, code));

        await IsRejectedAsync(order, reason, "ReserveStock", "AuthorisePayment", "ReleaseStock");
    }

    [Fact]
    public async Task An_order_whose_shipment_is_refused_voids_its_payment_and_releases_its_stock()
    {
        var order = await _shopper.PlacesOrderAsync("creatingShipment");

        await order.HearsAsync(new ShipmentRefused(order.Id, "carrier_unavailable"));

        await IsRejectedAsync(order, "could not be reached", "ReserveStock", "AuthorisePayment", "CreateShipment", "VoidPayment", "ReleaseStock");
    }

    [Fact]
    public async Task An_order_whose_reservation_lapses_before_the_payment_is_rejected()
    {
        var order = await _shopper.PlacesOrderAsync("authorisingPayment");

        await order.HearsAsync(new StockReservationExpired(order.Id));

        await IsRejectedAsync(order, "set aside", "ReserveStock", "AuthorisePayment", "VoidPayment", "ReleaseStock");
    }

    [Fact]
    public async Task An_order_whose_authorisation_lapses_before_it_is_confirmed_stops_the_shipment_first()
    {
        var order = await _shopper.PlacesOrderAsync("creatingShipment");

        await order.HearsAsync(new PaymentAuthorisationExpired(order.Id, Payment));
        (await order.SagaStateAsync()).ShouldBe("stoppingShipment");
        await order.HearsAsync(new ShipmentCancelled(order.Id));

        await IsRejectedAsync(order, "lapse", "ReserveStock", "AuthorisePayment", "CreateShipment", "CancelShipment", "VoidPayment", "ReleaseStock");
    }

    [Fact]
    public async Task Answers_that_come_after_the_end_change_nothing()
    {
        var order = await _shopper.PlacesOrderAsync("authorisingPayment");
        await order.HearsAsync(new PaymentDeclined(order.Id, Payment, "declined"));
        var commands = await order.CommandsAsync();

        await order.HearsAsync(new StockReserved(order.Id, shop.Clock.GetUtcNow()));
        await order.HearsAsync(new PaymentAuthorised(order.Id, Payment, Total));
        await order.HearsAsync(new ShipmentCreated(order.Id, Guid.CreateVersion7(), "TRACK-2"));
        await order.HearsAsync(new ShipmentRefused(order.Id, "carrier_unavailable"));
        await order.HearsAsync(new ShipmentCancelled(order.Id));
        await order.HearsAsync(new ShipmentCancellationRefused(order.Id, "already_dispatched"));
        await order.HearsAsync(new StockReservationExpired(order.Id));
        await order.HearsAsync(new PaymentAuthorisationExpired(order.Id, Payment));
        await order.HearsAsync(new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-2", shop.Clock.GetUtcNow()));
        await order.HearsAsync(new ShipmentDelivered(order.Id, Guid.CreateVersion7(), shop.Clock.GetUtcNow()));
        await order.HearsAsync(new InvoiceIssued(order.Id, _shopper.Id, "INV-1", Total, shop.Clock.GetUtcNow()));

        (await order.StatusAsync()).ShouldBe("rejected");
        (await order.CommandsAsync()).ShouldBe(commands);
        (await order.EventsAsync()).ShouldBe(["OrderCancelled"]);
    }

    [Fact]
    public async Task Messages_about_orders_that_are_not_here_do_no_harm()
    {
        var nowhere = new PlacedOrder(shop, _shopper, Guid.CreateVersion7(), "O-00000000", "none");

        await nowhere.HearsAsync(new StockReserved(nowhere.Id, shop.Clock.GetUtcNow()));
        await nowhere.HearsAsync(new PaymentAuthorised(nowhere.Id, Payment, Total));
        await nowhere.HearsAsync(new ShipmentDelivered(nowhere.Id, Guid.CreateVersion7(), shop.Clock.GetUtcNow()));

        await _shopper.Http.GetAsync(Shopper.Url($"orders/{nowhere.Id}")).ShouldFailAsync(404, "ordering.order_not_found");
    }

    [Fact]
    public async Task A_parcel_that_left_before_the_order_was_confirmed_confirms_it()
    {
        var order = await _shopper.PlacesOrderAsync("creatingShipment");

        await order.HearsAsync(new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-9", shop.Clock.GetUtcNow()));
        await order.HearsAsync(new ShipmentCreated(order.Id, Guid.CreateVersion7(), "TRACK-9"));

        (await order.StatusAsync()).ShouldBe("shipped");
        (await order.SagaStateAsync()).ShouldBe("confirmed");
        (await order.EventsAsync()).ShouldBe(["OrderConfirmed"]);
    }

    [Fact]
    public async Task A_shipment_that_shipping_stops_by_itself_cancels_the_order()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");

        await order.HearsAsync(new ShipmentCancelled(order.Id));

        (await order.StatusAsync()).ShouldBe("cancelled");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment", "VoidPayment", "ReleaseStock"]);
    }

    [Fact]
    public async Task A_parcel_that_comes_back_cancels_the_order()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");
        await order.HearsAsync(new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-1", shop.Clock.GetUtcNow()));

        await order.HearsAsync(new ShipmentReturned(order.Id, Guid.CreateVersion7(), shop.Clock.GetUtcNow()));

        (await order.StatusAsync()).ShouldBe("cancelled");
        (await order.ReadAsync())["reason"]!.GetValue<string>().ShouldContain("came back");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment", "VoidPayment", "ReleaseStock"]);
        (await order.HistoryAsync()).ShouldContain(k => k == "shipmentReturned");
    }

    [Fact]
    public async Task A_status_never_goes_back_when_news_of_different_modules_overtake_each_other()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");

        await order.HearsAsync(new InvoiceIssued(order.Id, _shopper.Id, "INV-7", Total, shop.Clock.GetUtcNow()));
        (await order.StatusAsync()).ShouldBe("completed");
        await order.HearsAsync(new ShipmentDelivered(order.Id, Guid.CreateVersion7(), shop.Clock.GetUtcNow()));
        await order.HearsAsync(new ShipmentDispatched(order.Id, Guid.CreateVersion7(), "TRACK-1", shop.Clock.GetUtcNow()));

        (await order.StatusAsync()).ShouldBe("completed");
        await shop.SettledAsync();
        (await _shopper.Http.GetAsync(Shopper.Url("orders")).ShouldBeAsync(200))["items"]![0]!["status"]!.GetValue<string>().ShouldBe("completed");
    }

    [Fact]
    public async Task The_lines_of_a_rejected_order_are_added_to_the_cart_the_customer_has_by_then()
    {
        var order = await _shopper.PlacesOrderAsync("authorisingPayment");
        var mug = shop.Catalog.Sells(450);
        var cart = await _shopper.FillsCartAsync(1, mug);

        await order.HearsAsync(new PaymentDeclined(order.Id, Payment, "declined"));
        await shop.SettledAsync();

        (await order.ReadAsync())["returnedToCartId"]!.GetValue<Guid>().ShouldBe(cart);
        var mine = await _shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldBeAsync(200);
        mine["lines"]!.AsArray().Select(l => (l!["sku"]!.GetValue<string>(), l["quantity"]!.GetValue<int>())).ShouldBe([(mug, 1), (order.Sku, 2)]);
        await _shopper.ChecksOutAsync(cart).ShouldHaveStatusAsync(201);
    }

    [Fact]
    public async Task Operators_see_the_steps_of_the_saga_and_customers_do_not()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");
        using var operators = shop.Operator();

        var saga = await operators.GetAsync(Shopper.Url($"orders/{order.Id}/saga")).ShouldBeAsync(200);

        saga["steps"]!.AsArray().Select(s => (s!["number"]!.GetValue<int>(), s["state"]!.GetValue<string>())).ShouldBe(
            [(1, "reservingStock"), (2, "authorisingPayment"), (3, "creatingShipment"), (4, "confirmed")]);
        saga["steps"]!.AsArray().ShouldAllBe(s => s!["undone"]!.AsArray().Count == 0);
        await _shopper.Http.GetAsync(Shopper.Url($"orders/{order.Id}/saga")).ShouldFailAsync(403, "request.forbidden");
        await operators.GetAsync(Shopper.Url($"orders/{Guid.CreateVersion7()}/saga")).ShouldFailAsync(404, "ordering.order_not_found");
    }

    /// <summary>Rejected for that reason, undone by these commands, announced once, its lines in a cart again.</summary>
    private async Task IsRejectedAsync(PlacedOrder order, string reason, params string[] commands)
    {
        (await order.CommandsAsync()).ShouldBe(commands);
        (await order.EventsAsync()).ShouldBe(["OrderCancelled"]);
        var read = await order.ReadAsync();
        read["status"]!.GetValue<string>().ShouldBe("rejected");
        read["reason"]!.GetValue<string>().ShouldContain(reason);
        (await order.HistoryAsync())[^1].ShouldBe("orderRejected");
        var cart = await _shopper.Http.GetAsync(Shopper.Url("carts/mine")).ShouldBeAsync(200);
        read["returnedToCartId"]!.GetValue<Guid>().ShouldBe(cart["id"]!.GetValue<Guid>());
        cart["lines"]!.AsArray().Select(l => (l!["sku"]!.GetValue<string>(), l["quantity"]!.GetValue<int>())).ShouldBe([(order.Sku, 2)]);
    }
}
