using ModularShop.Messaging;
using ModularShop.Shipping.Contracts;
using ModularShop.Shipping.Domain;

namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class TrackingTests(ShippingShop shop)
{
    [Fact]
    public async Task A_parcel_goes_its_way_and_every_step_is_said_in_order()
    {
        var order = await shop.BookedAsync();
        foreach (var status in new[] { ShipmentStatus.Dispatched, ShipmentStatus.InTransit, ShipmentStatus.OutForDelivery, ShipmentStatus.Delivered })
        {
            shop.Carrier.For(order).Reports(status, shop.Clock.GetUtcNow());
            await shop.TrackAsync();
            (await shop.StatusAsync(order)).ShouldBe(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(status.ToString()));
        }

        await shop.PublishedAsync<ShipmentDelivered>(m => m.OrderId == order.Id);
        ShouldBeInOrder(order, "ShipmentCreated", "ShipmentDispatched", "ShipmentDelivered");
        var shipment = await shop.ShipmentAsync(order);
        shipment["events"]!.AsArray().Select(e => e!.Text("status")).ShouldBe(["requested", "booked", "dispatched", "inTransit", "outForDelivery", "delivered"]);
        shipment["dispatchedAt"].ShouldNotBeNull();
        shipment["deliveredAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_missed_is_recorded_at_once_and_in_order()
    {
        var order = await shop.BookedAsync();
        var at = shop.Clock.GetUtcNow();
        shop.Carrier.For(order).Reports(ShipmentStatus.InTransit, at);
        shop.Carrier.For(order).Reports(ShipmentStatus.Delivered, at.AddSeconds(1));
        await shop.TrackAsync();
        await shop.PublishedAsync<ShipmentDelivered>(m => m.OrderId == order.Id);
        ShouldBeInOrder(order, "ShipmentCreated", "ShipmentDispatched", "ShipmentDelivered");
        var delivered = shop.Published<ShipmentDelivered>(m => m.OrderId == order.Id)[0];
        delivered.DeliveredAt.ShouldBe(at.AddSeconds(1));
    }

    [Fact]
    public async Task Runs_of_the_job_at_the_same_time_record_everything_once()
    {
        var order = await shop.BookedAsync();
        shop.Carrier.For(order).Reports(ShipmentStatus.Dispatched, shop.Clock.GetUtcNow());
        shop.Carrier.For(order).Reports(ShipmentStatus.Delivered, shop.Clock.GetUtcNow());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.TrackAsync()));
        await shop.TrackAsync();
        await shop.SettledAsync();
        ShouldBeInOrder(order, "ShipmentCreated", "ShipmentDispatched", "ShipmentDelivered");
        (await shop.ShipmentAsync(order))["events"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_the_carrier_says_after_the_delivery_changes_nothing()
    {
        var order = await shop.BookedAsync();
        shop.Carrier.For(order).Reports(ShipmentStatus.Delivered, shop.Clock.GetUtcNow());
        shop.Carrier.For(order).Reports(ShipmentStatus.InTransit, shop.Clock.GetUtcNow());
        await shop.TrackAsync();
        await shop.TrackAsync();
        (await shop.StatusAsync(order)).ShouldBe("delivered");
    }

    [Fact]
    public async Task A_parcel_nobody_takes_comes_back()
    {
        var order = await shop.BookedAsync();
        var carrier = shop.Carrier.For(order);
        carrier.Reports(ShipmentStatus.OutForDelivery, shop.Clock.GetUtcNow());
        carrier.Reports(ShipmentStatus.DeliveryFailed, shop.Clock.GetUtcNow());
        await shop.TrackAsync();
        (await shop.StatusAsync(order)).ShouldBe("deliveryFailed");
        carrier.Reports(ShipmentStatus.OutForDelivery, shop.Clock.GetUtcNow());
        carrier.Reports(ShipmentStatus.DeliveryFailed, shop.Clock.GetUtcNow());
        carrier.Reports(ShipmentStatus.Returned, shop.Clock.GetUtcNow());
        await shop.TrackAsync();
        await shop.PublishedAsync<ShipmentReturned>(m => m.OrderId == order.Id);
        ShouldBeInOrder(order, "ShipmentCreated", "ShipmentDispatched", "ShipmentReturned");
    }

    [Fact]
    public async Task Anybody_with_the_number_sees_where_the_parcel_is_and_nothing_about_the_recipient()
    {
        var order = await shop.BookedAsync();
        shop.Carrier.For(order).Reports(ShipmentStatus.Delivered, shop.Clock.GetUtcNow(), "Depot 12", $"Handed to {order.Recipient}");
        await shop.TrackAsync();
        var number = await shop.NumberAsync(order);

        using var nobody = shop.Anonymous();
        var track = await nobody.GetAsync($"/api/v1/shipping/tracking/{number.ToLowerInvariant()}").ShouldBeAsync(200);
        track.AsObject().Select(p => p.Key).ShouldBe(["trackingNumber", "status", "events"]);
        track["events"]!.AsArray().ShouldAllBe(e => e!.AsObject().Select(p => p.Key).SequenceEqual(new[] { "at", "status", "place" }, StringComparer.Ordinal));
        track["events"]!.AsArray().Select(e => e!.Text("place")).Last().ShouldBe("Depot 12");
        foreach (var secret in new[] { order.Recipient, order.Address.Line1, order.Address.City, order.Address.PostalCode, order.Id.ToString(), order.CustomerId.ToString(), "MS-1001" })
        {
            track.ToJsonString().ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData("MS0000000000")]
    [InlineData("%27%20OR%201=1")]
    [InlineData("0")]
    public async Task A_number_that_is_no_parcel_is_not_found(string number)
    {
        using var nobody = shop.Anonymous();
        await nobody.GetAsync($"/api/v1/shipping/tracking/{number}").ShouldFailAsync(404, "shipping.shipment_not_found");
    }

    private void ShouldBeInOrder(TestOrder order, params string[] types)
    {
        var said = shop.SaidAbout(order);
        said.Select(e => e.Type["Shipping.".Length..]).ShouldBe(types);
        said.Select(e => e.Subject).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        said.Zip(said.Skip(1)).ShouldAllBe(pair => pair.First.Sequence.CompareTo(pair.Second.Sequence) < 0);
    }
}
