using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Shipping;

/// <summary>A shop with the simulated carrier, whose parcels move on whenever the tests move the clock by a step.</summary>
public sealed class SimulatedCarrierShop : ShopFixture
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1000);

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Shipping:Jobs:AdvanceShipments", "1.00:00:00"),
        new("Shipping:Carrier:RetryBaseMilliseconds", "5"),
        new("Shipping:Carrier:RetryMaxSeconds", "1"),
        new("Shipping:Carrier:TimeoutMilliseconds", "300"),
        new("Shipping:Carrier:BreakAfterCalls", "10000"),
        new("Shipping:Carrier:GiveUpAfterSeconds", "86400"),
        new("Shipping:Carrier:Simulate:StepSeconds", "1000"),
    ];

    public async Task StepAsync(int steps = 1)
    {
        Clock.Advance(steps * Step);
        await this.TrackAsync();
    }

    /// <summary>Changes the configuration of the running shop, as editing appsettings.json does.</summary>
    public void Configure(string key, string value)
    {
        var configuration = (IConfigurationRoot)Services.GetRequiredService<IConfiguration>();
        configuration[key] = value;
        configuration.Reload();
    }
}

public sealed class SimulatedCarrierTests(SimulatedCarrierShop shop) : IClassFixture<SimulatedCarrierShop>
{
    [Fact]
    public async Task A_parcel_moves_one_status_on_with_every_step()
    {
        var order = await shop.BookedAsync();
        foreach (var status in new[] { "dispatched", "inTransit", "outForDelivery", "delivered" })
        {
            await shop.StepAsync();
            (await shop.StatusAsync(order)).ShouldBe(status);
            await shop.TrackAsync();
            (await shop.StatusAsync(order)).ShouldBe(status);
        }

        await shop.PublishedAsync<ShipmentDelivered>(m => m.OrderId == order.Id);
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated", "ShipmentDispatched", "ShipmentDelivered"]);
        var events = (await shop.ShipmentAsync(order))["events"]!.AsArray();
        events.Select(e => e!.Text("place")).ShouldBe(
            ["Warehouse Leipzig, DE", "Warehouse Leipzig, DE", "Leipzig, DE", "Hub Leipzig/Halle, DE", "Delivery depot DE-10", "Delivery depot DE-10"]);
        events.Select(e => e!["at"]!.GetValue<DateTimeOffset>()).ShouldBeInOrder();
        var (booked, delivered) = (events[1]!["at"]!.GetValue<DateTimeOffset>(), events[^1]!["at"]!.GetValue<DateTimeOffset>());
        (delivered - booked).ShouldBe(4 * SimulatedCarrierShop.Step);
    }

    [Fact]
    public async Task A_parcel_abroad_passes_the_gateway_of_its_country()
    {
        var order = await shop.BookedAsync(TestOrder.New("FR", "75001"));
        await shop.StepAsync(5);
        (await shop.StatusAsync(order)).ShouldBe("delivered");
        (await shop.ShipmentAsync(order))["events"]!.AsArray().ShouldContain(e => e!.Text("place") == "Gateway FR");
    }

    [Fact]
    public async Task A_recipient_who_is_out_takes_the_parcel_at_the_second_attempt()
    {
        var order = await shop.BookedAsync(TestOrder.New(recipient: "Nobody Home"));
        await shop.StepAsync(4);
        (await shop.StatusAsync(order)).ShouldBe("deliveryFailed");
        await shop.StepAsync(2);
        (await shop.StatusAsync(order)).ShouldBe("delivered");
    }

    [Fact]
    public async Task A_recipient_who_has_moved_away_never_gets_the_parcel()
    {
        var order = await shop.BookedAsync(TestOrder.New(recipient: "Moved Away"));
        await shop.StepAsync(20);
        (await shop.StatusAsync(order)).ShouldBe("returned");
        await shop.PublishedAsync<ShipmentReturned>(m => m.OrderId == order.Id);
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated", "ShipmentDispatched", "ShipmentReturned"]);
        (await shop.ShipmentAsync(order))["events"]!.AsArray().Count(e => e!.Text("status") == "deliveryFailed").ShouldBe(3);
    }

    [Fact]
    public async Task A_postal_code_on_no_map_is_not_served()
    {
        var order = TestOrder.New(postalCode: "00000");
        await shop.AskForAsync(order);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("address_not_served");
    }

    [Fact]
    public async Task A_parcel_can_be_cancelled_until_it_is_collected()
    {
        var order = await shop.BookedAsync();
        await shop.CancelAsync(order);
        await shop.PublishedAsync<ShipmentCancelled>(m => m.OrderId == order.Id);

        var late = await shop.BookedAsync();
        shop.Clock.Advance(SimulatedCarrierShop.Step);
        await shop.CancelAsync(late);
        (await shop.PublishedAsync<ShipmentCancellationRefused>(m => m.OrderId == late.Id)).Reason.ShouldBe("already_dispatched");
        await shop.TrackAsync();
        (await shop.StatusAsync(late)).ShouldBe("dispatched");
    }

    [Theory]
    [InlineData("Shipping:Carrier:Simulate:Down", "true", "false")]
    [InlineData("Shipping:Carrier:Simulate:DelayMilliseconds", "60000", "0")]
    public async Task A_carrier_told_to_be_down_or_slow_while_the_shop_runs_is_waited_for(string key, string trouble, string health)
    {
        shop.Configure(key, trouble);
        var order = TestOrder.New();
        await shop.AskForAsync(order);
        using var operators = shop.Operator();
        await Eventually.TrueAsync(
            async () => (await operators.GetAsync("/api/v1/shipping/shipments?status=requested").ShouldBeAsync(200))["items"]!.AsArray()
                .Any(s => s!.Text("orderId") == order.Id.ToString() && s!["failedCalls"]!.GetValue<int>() >= 2),
            "two calls in vain");
        shop.TypesSaidAbout(order).ShouldBeEmpty();
        shop.Configure(key, health);
        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
    }
}
