using ModularShop.Shipping.Contracts;
using ModularShop.Shipping.Domain;

namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class CancellationTests(ShippingShop shop)
{
    [Fact]
    public async Task Cancelling_an_order_without_shipment_is_confirmed_and_a_late_request_is_refused()
    {
        var order = TestOrder.New();
        await shop.CancelAsync(order);
        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);
        await shop.CancelAsync(order);
        await shop.AskForAsync(order);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("cancelled");
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCancelled", "ShipmentCancelled", "ShipmentRefused"]);
        shop.Carrier.For(order).BookingCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cancellation_while_the_booking_is_in_flight_lets_no_parcel_leave()
    {
        var order = TestOrder.New();
        var carrier = shop.Carrier.For(order);
        using (carrier.Hold())
        {
            await shop.AskForAsync(order);
            await Eventually.TrueAsync(() => Task.FromResult(!carrier.BookingCalls.IsEmpty), "the booking to be in flight");
            await shop.CancelAsync(order);
            await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);
        }

        await Eventually.TrueAsync(() => Task.FromResult(!carrier.Cancelled.IsEmpty), "the carrier to be told");
        carrier.Booked.ShouldBeEmpty();
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCancelled"]);
        (await shop.StatusAsync(order)).ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_cancellation_of_a_booking_that_never_got_through_needs_no_answer_of_the_carrier()
    {
        var order = TestOrder.New();
        var carrier = shop.Carrier.For(order);
        carrier.IsDown = true;
        await shop.AskForAsync(order);
        await shop.CancelAsync(order);
        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);
        carrier.Cancelled.ShouldBeEmpty();
        carrier.IsDown = false;
        await Eventually.TrueAsync(() => Task.FromResult(!carrier.Cancelled.IsEmpty), "the carrier to be told once it is up");
        carrier.Booked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_booked_shipment_is_cancelled_when_the_carrier_says_so()
    {
        var order = await shop.BookedAsync();
        var carrier = shop.Carrier.For(order);
        carrier.IsDown = true;
        await shop.CancelAsync(order);
        await Eventually.TrueAsync(() => Task.FromResult(carrier.CancellationCalls.Count >= 2), "two calls in vain");
        (await shop.StatusAsync(order)).ShouldBe("cancelling");
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated"]);

        await shop.CancelAsync(order);
        carrier.IsDown = false;
        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated", "ShipmentCancelled"]);
        (await shop.StatusAsync(order)).ShouldBe("cancelled");
        carrier.Booked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parcel_the_carrier_has_collected_cannot_be_cancelled_and_goes_its_way()
    {
        var order = await shop.BookedAsync();
        var carrier = shop.Carrier.For(order);
        carrier.HasCollected = true;
        await shop.CancelAsync(order);
        (await shop.PublishedAsync<ShipmentCancellationRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("already_dispatched");
        carrier.Reports(ShipmentStatus.Dispatched, shop.Clock.GetUtcNow());
        carrier.Reports(ShipmentStatus.Delivered, shop.Clock.GetUtcNow());
        await shop.TrackAsync();
        (await shop.StatusAsync(order)).ShouldBe("delivered");
    }

    [Fact]
    public async Task While_a_cancellation_is_open_tracking_changes_nothing()
    {
        var order = await shop.BookedAsync();
        var carrier = shop.Carrier.For(order);
        using (carrier.Hold())
        {
            await shop.CancelAsync(order);
            await Eventually.TrueAsync(() => Task.FromResult(!carrier.CancellationCalls.IsEmpty), "the cancellation to be in flight");
            carrier.Reports(ShipmentStatus.Dispatched, shop.Clock.GetUtcNow());
            carrier.HasCollected = true;
            await shop.TrackAsync();
            (await shop.StatusAsync(order)).ShouldBe("cancelling");
        }

        await shop.PublishedAsync<ShipmentCancellationRefused>(m => m.OrderId == order.Id);
        await shop.TrackAsync();
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated", "ShipmentCancellationRefused", "ShipmentDispatched"]);
    }

    [Theory]
    [InlineData("Dispatched", "already_dispatched")]
    [InlineData("InTransit", "already_dispatched")]
    [InlineData("OutForDelivery", "already_dispatched")]
    [InlineData("DeliveryFailed", "already_dispatched")]
    [InlineData("Delivered", "already_delivered")]
    [InlineData("Returned", "returned")]
    public async Task A_parcel_that_has_left_is_not_cancelled(string status, string reason)
    {
        var order = await shop.BookedAsync();
        shop.Carrier.For(order).Reports(Enum.Parse<ShipmentStatus>(status), shop.Clock.GetUtcNow());
        await shop.TrackAsync();
        await shop.CancelAsync(order);
        (await shop.PublishedAsync<ShipmentCancellationRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe(reason);
        shop.Carrier.For(order).CancellationCalls.ShouldBeEmpty();
        using var operators = shop.Operator();
        await StopAsync(operators, order).ShouldFailAsync(409, reason == "already_dispatched" ? "shipping.already_dispatched" : "shipping.shipment_finished");
    }

    [Fact]
    public async Task A_refused_or_cancelled_shipment_is_confirmed_as_cancelled_again()
    {
        var order = TestOrder.New("AQ");
        await shop.AskForAsync(order);
        await shop.CancelAsync(order);
        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);
        (await shop.StatusAsync(order)).ShouldBe("refused");

        var booked = await shop.BookedAsync();
        await shop.CancelAsync(booked);
        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == booked.Id);
        await shop.CancelAsync(booked);
        await shop.AskForAsync(booked);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == booked.Id)).Reason.ShouldBe("cancelled");
        shop.TypesSaidAbout(booked).ShouldBe(["ShipmentCreated", "ShipmentCancelled", "ShipmentCancelled", "ShipmentRefused"]);
    }

    [Fact]
    public async Task An_operator_stops_a_booked_shipment()
    {
        var order = await shop.BookedAsync();
        using var operators = shop.Operator();
        (await StopAsync(operators, order).ShouldBeAsync(200)).Text("status").ShouldBe("cancelling");
        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);
        (await StopAsync(operators, order).ShouldBeAsync(200)).Text("status").ShouldBe("cancelled");
        shop.Published<ShipmentCancelled>(m => m.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Operators_and_messages_that_cancel_at_the_same_time_cancel_once()
    {
        var order = await shop.BookedAsync();
        var carrier = shop.Carrier.For(order);
        using var operators = shop.Operator();
        using (carrier.Hold())
        {
            var message = shop.PostAsync("Shipping", "Ordering", order.Subject, new CancelShipment(order.Id));
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StopAsync(operators, order).ShouldHaveStatusAsync(200)));
            await shop.HandledAsync("Shipping", await message);
        }

        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated", "ShipmentCancelled"]);
        carrier.Cancelled.Count.ShouldBe(1);
        carrier.Booked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_operators_stop_shipments_and_only_those_there_are()
    {
        var order = await shop.BookedAsync();
        using var owner = shop.Customer(order.CustomerId);
        await StopAsync(owner, order).ShouldFailAsync(403, "request.forbidden");
        using var nobody = shop.Anonymous();
        await StopAsync(nobody, order).ShouldFailAsync(401, "request.unauthenticated");
        using var operators = shop.Operator();
        await StopAsync(operators, TestOrder.New()).ShouldFailAsync(404, "shipping.shipment_not_found");
        (await shop.StatusAsync(order)).ShouldBe("booked");
    }

    private static Task<HttpResponseMessage> StopAsync(HttpClient client, TestOrder order) =>
        client.PostAsync($"/api/v1/shipping/shipments/{order.Id}/cancel", null);
}
