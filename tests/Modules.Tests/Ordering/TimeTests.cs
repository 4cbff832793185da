using ModularShop.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Ordering;

/// <summary>What happens when time passes; on a shop of their own, whose clock they move.</summary>
public sealed class TimeTests(OrderingShop shop) : IClassFixture<OrderingShop>, IDisposable
{
    private readonly Shopper _shopper = new(shop);

    public void Dispose() => _shopper.Dispose();

    [Theory]
    [InlineData("reservingStock", 30, "warehouse", "ReserveStock ReleaseStock")]
    [InlineData("authorisingPayment", 120, "not authorised in time", "ReserveStock AuthorisePayment VoidPayment ReleaseStock")]
    public async Task A_step_that_nobody_answers_is_undone_and_the_order_rejected(string state, int seconds, string reason, string commands)
    {
        var order = await _shopper.PlacesOrderAsync(state);

        shop.Clock.Advance(TimeSpan.FromSeconds(seconds - 10));
        await shop.SettledAsync();
        (await order.StatusAsync()).ShouldBe("placed");
        shop.Clock.Advance(TimeSpan.FromSeconds(11));

        await Eventually.TrueAsync(async () => await order.StatusAsync() == "rejected", "the order to be rejected");
        (await order.ReadAsync())["reason"]!.GetValue<string>().ShouldContain(reason);
        (await order.CommandsAsync()).ShouldBe(commands.Split(' '));
        (await order.EventsAsync()).ShouldBe(["OrderCancelled"]);
    }

    [Fact]
    public async Task A_shipment_that_nobody_confirms_is_stopped_before_anything_is_given_back()
    {
        var order = await _shopper.PlacesOrderAsync("creatingShipment");

        shop.Clock.Advance(TimeSpan.FromSeconds(121));

        await shop.PublishedAsync<CancelShipment>(m => m.OrderId == order.Id);
        (await order.StatusAsync()).ShouldBe("placed");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment", "CancelShipment"]);

        // Shipping is silent still: nobody may give back what belongs to a parcel that may have left.
        shop.Clock.Advance(TimeSpan.FromSeconds(121));
        await shop.SettledAsync();
        (await order.SagaStateAsync()).ShouldBe("stoppingShipment");
        await order.HearsAsync(new ShipmentCancelled(order.Id));

        (await order.StatusAsync()).ShouldBe("rejected");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment", "CancelShipment", "VoidPayment", "ReleaseStock"]);
    }

    [Fact]
    public async Task Reminders_of_steps_that_were_answered_do_nothing()
    {
        var order = await _shopper.PlacesOrderAsync("confirmed");

        shop.Clock.Advance(TimeSpan.FromHours(1));
        await shop.SettledAsync();

        (await order.StatusAsync()).ShouldBe("confirmed");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "CreateShipment"]);
    }

    [Fact]
    public async Task A_late_authorisation_after_the_timeout_is_harmless()
    {
        var order = await _shopper.PlacesOrderAsync("authorisingPayment");
        shop.Clock.Advance(TimeSpan.FromSeconds(121));
        await Eventually.TrueAsync(async () => await order.StatusAsync() == "rejected", "the order to be rejected");

        await order.HearsAsync(new PaymentAuthorised(order.Id, Guid.CreateVersion7(), new Money(4488, "EUR")));

        (await order.StatusAsync()).ShouldBe("rejected");
        (await order.CommandsAsync()).ShouldBe(["ReserveStock", "AuthorisePayment", "VoidPayment", "ReleaseStock"]);
    }

    [Fact]
    public async Task Carts_that_nobody_touches_for_30_days_are_removed()
    {
        using var nobody = shop.Anonymous();
        var sku = shop.Catalog.Sells(100);
        var old = (await nobody.PostAsync(Shopper.Url("carts"), null).ShouldBeAsync(201))["id"]!.GetValue<Guid>();
        await nobody.PutAsJsonAsync(Shopper.Url($"carts/{old}/lines/{sku}"), new { quantity = 1 }).ShouldHaveStatusAsync(200);
        shop.Clock.Advance(TimeSpan.FromDays(29));
        var young = await _shopper.FillsCartAsync(1, sku);
        shop.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));

        await shop.RunJobAsync("Ordering", "RemoveAbandonedCarts");

        await nobody.GetAsync(Shopper.Url($"carts/{old}")).ShouldFailAsync(404, "ordering.cart_not_found");
        await _shopper.Http.GetAsync(Shopper.Url($"carts/{young}")).ShouldHaveStatusAsync(200);
    }
}
