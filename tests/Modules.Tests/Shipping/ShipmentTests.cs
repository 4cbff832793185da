using Microsoft.EntityFrameworkCore;
using ModularShop.Contracts;
using ModularShop.Shipping.Contracts;
using ModularShop.Shipping.Domain;

namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class ShipmentTests(ShippingShop shop)
{
    [Fact]
    public async Task A_shipment_that_is_asked_for_is_booked_with_the_carrier()
    {
        var order = TestOrder.New();
        await shop.AskForAsync(order);
        var created = await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
        created.TrackingNumber.ShouldMatch("^MS[0-9A-HJKMNP-TV-Z]{10}$");
        shop.Carrier.For(order).Booked.Keys.ShouldBe([created.TrackingNumber]);

        var shipment = await shop.ShipmentAsync(order);
        shipment.Text("status").ShouldBe("booked");
        shipment.Text("trackingNumber").ShouldBe(created.TrackingNumber);
        shipment["address"]!.Text("recipient").ShouldBe(order.Recipient);
        shipment["events"]!.AsArray().Select(e => e!.Text("status")).ShouldBe(["requested", "booked"]);
    }

    [Fact]
    public async Task An_order_asked_for_twice_makes_one_shipment_and_gets_the_same_answer()
    {
        var order = await shop.BookedAsync();
        var calls = shop.Carrier.For(order).BookingCalls.Count;
        await shop.AskForAsync(order, "express", 9000);
        await shop.SettledAsync();
        var answers = shop.Published<ShipmentCreated>(m => m.OrderId == order.Id);
        answers.Count.ShouldBe(2);
        answers.Distinct().Count().ShouldBe(1);
        shop.Carrier.For(order).BookingCalls.Count.ShouldBe(calls);
        (await shop.ReadAsync("Shipping", db => db.Set<Shipment>().CountAsync(s => s.OrderId == order.Id))).ShouldBe(1);
        (await shop.ShipmentAsync(order)).Text("service").ShouldBe("standard");
    }

    [Fact]
    public async Task Twenty_requests_for_one_order_at_the_same_time_make_one_shipment()
    {
        var order = TestOrder.New();
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => shop.PostAsync("Shipping", "Ordering", $"{order.Subject}/{i}", order.Create())));
        await Task.WhenAll(ids.Select(id => shop.HandledAsync("Shipping", id)));
        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
        (await shop.ReadAsync("Shipping", db => db.Set<Shipment>().CountAsync(s => s.OrderId == order.Id))).ShouldBe(1);
        shop.Carrier.For(order).Booked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_delivered_twice_is_handled_once()
    {
        var order = TestOrder.New();
        var id = Guid.CreateVersion7();
        await shop.DeliverAsync("Shipping", "Ordering", order.Subject, order.Create(), id);
        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
        await shop.DeliverAsync("Shipping", "Ordering", order.Subject, order.Create(), id);
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated"]);
    }

    [Fact]
    public async Task Many_orders_are_booked_each_once()
    {
        var orders = Enumerable.Range(0, 60).Select(_ => TestOrder.New()).ToList();
        await Task.WhenAll(orders.Select(o => shop.PostAsync("Shipping", "Ordering", o.Subject, o.Create())));
        foreach (var order in orders)
        {
            await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
            shop.Carrier.For(order).Booked.Count.ShouldBe(1);
        }

        shop.Published<ShipmentCreated>(m => orders.Exists(o => o.Id == m.OrderId)).Select(m => m.TrackingNumber).Distinct(StringComparer.Ordinal).Count().ShouldBe(60);
    }

    [Theory]
    [InlineData("standard", 70_001, "parcel_too_heavy")]
    [InlineData("standard", 31_501, "service_not_offered")]
    [InlineData("economy", 500, "service_not_offered")]
    [InlineData("pigeon", 500, "service_not_offered")]
    [InlineData("standard", 0, "service_not_offered")]
    public async Task A_parcel_that_no_rate_covers_is_refused_without_asking_the_carrier(string service, int grams, string reason)
    {
        var order = TestOrder.New();
        await shop.AskForAsync(order, service, grams);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe(reason);
        shop.Carrier.For(order).BookingCalls.ShouldBeEmpty();
        (await shop.StatusAsync(order)).ShouldBe("refused");
    }

    [Theory]
    [InlineData("AQ")]
    [InlineData("XX")]
    [InlineData("Germany")]
    [InlineData("")]
    public async Task A_country_that_no_parcel_goes_to_is_refused(string country)
    {
        var order = TestOrder.New(country);
        await shop.AskForAsync(order);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("address_not_served");
    }

    [Fact]
    public async Task An_address_that_fits_on_no_label_is_refused()
    {
        var order = TestOrder.New();
        order = order with { Address = order.Address with { Line1 = new string('x', 100_000) } };
        await shop.AskForAsync(order);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("address_not_served");
        (await shop.ShipmentAsync(order))["address"]!.Text("line1").Length.ShouldBe(200);
    }

    [Fact]
    public async Task An_address_the_carrier_does_not_serve_is_refused()
    {
        var order = TestOrder.New();
        shop.Carrier.For(order).ServesAddress = false;
        await shop.AskForAsync(order);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("address_not_served");
        var calls = shop.Carrier.For(order).BookingCalls.Count;
        await shop.AskForAsync(order);
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentRefused", "ShipmentRefused"]);
        shop.Carrier.For(order).BookingCalls.Count.ShouldBe(calls);
        shop.Carrier.For(order).CancellationCalls.ShouldBeEmpty();
    }
}
