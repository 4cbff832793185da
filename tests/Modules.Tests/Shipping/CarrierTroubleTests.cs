using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class CarrierTroubleTests(ShippingShop shop)
{
    [Fact]
    public async Task One_call_that_hangs_does_not_hold_up_the_others()
    {
        var hanging = TestOrder.New();
        using (shop.Carrier.For(hanging).Hold())
        {
            await shop.AskForAsync(hanging);
            await Eventually.TrueAsync(() => Task.FromResult(shop.Carrier.For(hanging).BookingCalls.Count == 1), "the call that hangs");
            for (var i = 0; i < 12; i++)
            {
                await shop.BookedAsync();
            }

            (await shop.StatusAsync(hanging)).ShouldBe("requested");
        }

        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == hanging.Id);
        shop.Carrier.For(hanging).BookingCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_booking_waits_for_a_carrier_that_is_down_and_goes_on_when_it_is_up()
    {
        var order = TestOrder.New();
        var carrier = shop.Carrier.For(order);
        carrier.IsDown = true;
        await shop.AskForAsync(order);
        await Eventually.TrueAsync(() => Task.FromResult(carrier.BookingCalls.Count >= 3), "three calls in vain");
        shop.TypesSaidAbout(order).ShouldBeEmpty();
        (await shop.StatusAsync(order)).ShouldBe("requested");

        carrier.IsDown = false;
        var created = await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
        carrier.BookingCalls.Distinct(StringComparer.Ordinal).ShouldBe([created.TrackingNumber], "every call bears the same number");
        carrier.Booked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_booking_whose_answer_was_lost_is_asked_for_again_with_the_same_number()
    {
        var order = TestOrder.New();
        var carrier = shop.Carrier.For(order);
        carrier.LosesAnswers = true;
        await shop.AskForAsync(order);
        await Eventually.TrueAsync(() => Task.FromResult(carrier.BookingCalls.Count >= 2), "a second call");
        carrier.LosesAnswers = false;
        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
        carrier.Booked.Count.ShouldBe(1);
        carrier.BookingCalls.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_booking_is_given_up_after_its_time_and_cancelled_until_the_carrier_confirms_it()
    {
        var order = TestOrder.New();
        var carrier = shop.Carrier.For(order);
        carrier.LosesAnswers = true;
        await shop.AskForAsync(order);
        await Eventually.TrueAsync(() => Task.FromResult(!carrier.Booked.IsEmpty), "the carrier to book it unheard");
        carrier.IsDown = true;
        shop.Clock.Advance(TimeSpan.FromSeconds(61));

        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("carrier_unavailable");
        await Eventually.TrueAsync(() => Task.FromResult(carrier.CancellationCalls.Count >= 2), "two cancellations in vain");
        carrier.Booked.ShouldNotBeEmpty("the carrier still expects the parcel");

        carrier.IsDown = false;
        await Eventually.TrueAsync(() => Task.FromResult(carrier.Booked.IsEmpty), "the carrier to confirm the cancellation");
        await Eventually.TrueAsync(async () => !await WaitsAsync(order), "the errand to be done");
        await shop.SettledAsync();
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentRefused"]);
        var shipment = await shop.ShipmentAsync(order);
        (shipment.Text("status"), shipment.Text("reason")).ShouldBe(("refused", "carrier_unavailable"));
    }

    [Fact]
    public async Task A_carrier_that_never_answers_is_given_up_too()
    {
        var order = TestOrder.New();
        shop.Carrier.For(order).IsDown = true;
        await shop.AskForAsync(order);
        shop.Clock.Advance(TimeSpan.FromSeconds(61));
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("carrier_unavailable");
        shop.Carrier.For(order).IsDown = false;
        await Eventually.TrueAsync(async () => !await WaitsAsync(order), "the cancellation to be confirmed");
    }

    [Fact]
    public async Task A_booking_that_hung_is_finished_and_others_are_booked_after_it()
    {
        var stuck = TestOrder.New();
        using (shop.Carrier.For(stuck).Hold())
        {
            await shop.AskForAsync(stuck);
            await Eventually.TrueAsync(() => Task.FromResult(!shop.Carrier.For(stuck).BookingCalls.IsEmpty), "the call to be under way");
        }

        await shop.BookedAsync();
        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == stuck.Id);
    }

    [Fact]
    public async Task A_parcel_that_cannot_be_tracked_holds_up_no_other()
    {
        var (dark, light) = (await shop.BookedAsync(), await shop.BookedAsync());
        shop.Carrier.For(dark).IsDown = true;
        shop.Carrier.For(light).Reports(ModularShop.Shipping.Domain.ShipmentStatus.Dispatched, shop.Clock.GetUtcNow());
        await shop.TrackAsync();
        (await shop.StatusAsync(light)).ShouldBe("dispatched");
        (await shop.StatusAsync(dark)).ShouldBe("booked");
        shop.Carrier.For(dark).IsDown = false;
    }

    private async Task<bool> WaitsAsync(TestOrder order)
    {
        using var operators = shop.Operator();
        var page = await operators.GetAsync("/api/v1/shipping/shipments?size=100").ShouldBeAsync(200);
        return page["items"]!.AsArray().Single(s => s!.Text("orderId") == order.Id.ToString())!["waitsForCarrier"]!.GetValue<bool>();
    }
}
