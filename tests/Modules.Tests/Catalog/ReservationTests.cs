using ModularShop.Catalog.Contracts;

namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class ReservationTests(ShopFixture shop)
{
    [Fact]
    public async Task Stock_that_does_not_exist_is_refused_with_the_shortage()
    {
        var order = Guid.CreateVersion7();
        await shop.DeliverAsync("Catalog", "Ordering", $"order/{order}", new ReserveStock(order, [new StockLine("nope", 2)], shop.Clock.GetUtcNow().AddMinutes(15)));

        var refused = await shop.PublishedAsync<StockReservationRefused>(m => m.OrderId == order);
        refused.Shortages.ShouldBe([new StockShortage("NOPE", 2, 0)]);
        await shop.SettledAsync();
        shop.Published<StockReserved>(m => m.OrderId == order).ShouldBeEmpty();
    }
}
