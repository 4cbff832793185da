using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;
using ModularShop.Ordering.Contracts;

namespace Modules.Tests.Catalog;

/// <summary>A shop of its own: these tests move its clock.</summary>
public sealed class ExpiryTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    private readonly Guid _order = Guid.CreateVersion7();

    [Fact]
    public async Task What_is_not_confirmed_in_time_is_available_again()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(_order, sku, 4);
        await shop.RunJobAsync("Catalog", "ExpireReservations");
        (await shop.StockAsync(sku)).Reserved.ShouldBe(4, "it is not due yet");

        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        await shop.RunJobAsync("Catalog", "ExpireReservations");
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 10, 0, 10));
        await shop.PublishedAsync<StockReservationExpired>(m => m.OrderId == _order);

        await shop.RunJobAsync("Catalog", "ExpireReservations");
        await shop.SettledAsync();
        shop.Published<StockReservationExpired>(m => m.OrderId == _order).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_taken_or_released_does_not_expire()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        var released = Guid.CreateVersion7();
        await ReserveAsync(_order, sku, 4);
        await ReserveAsync(released, sku, 3);
        await ConfirmAsync(_order);
        await shop.DeliverAsync("Catalog", "Ordering", $"order/{released}", new ReleaseStock(released));
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        await shop.RunJobAsync("Catalog", "ExpireReservations");
        await shop.SettledAsync();
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 6, 0, 6));
        shop.Published<StockReservationExpired>(m => m.OrderId == _order || m.OrderId == released).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_order_confirmed_too_late_gets_its_pieces_while_there_are_enough()
    {
        var sku = await shop.AddProductAsync(stock: 5);
        await ReserveAsync(_order, sku, 4);
        await ExpireAsync();
        await ConfirmAsync(_order);
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 1, 0, 1));
    }

    [Fact]
    public async Task An_order_confirmed_too_late_takes_nothing_from_others()
    {
        var sku = await shop.AddProductAsync(stock: 5);
        await ReserveAsync(_order, sku, 4);
        await ExpireAsync();
        var other = Guid.CreateVersion7();
        await ReserveAsync(other, sku, 3);
        await ConfirmAsync(_order);
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 5, 3, 2));
        await ConfirmAsync(other);
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 2, 0, 2));
    }

    [Fact]
    public async Task One_run_gives_back_all_that_is_due()
    {
        var sku = await shop.AddProductAsync(stock: 250);
        await Task.WhenAll(Enumerable.Range(0, 110).Select(_ =>
        {
            var order = Guid.CreateVersion7();
            return shop.PostAsync("Catalog", "Ordering", $"order/{order}", new ReserveStock(order, [new StockLine(sku, 1)], shop.Clock.GetUtcNow().AddMinutes(15)));
        }));
        await shop.SettledAsync();
        (await shop.StockAsync(sku)).Reserved.ShouldBe(110);
        await ExpireAsync();
        (await shop.StockAsync(sku)).Reserved.ShouldBe(0);
    }

    private async Task ExpireAsync()
    {
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        await shop.RunJobAsync("Catalog", "ExpireReservations");
    }

    private Task ReserveAsync(Guid order, string sku, int quantity) =>
        shop.DeliverAsync("Catalog", "Ordering", $"order/{order}", new ReserveStock(order, [new StockLine(sku, quantity)], shop.Clock.GetUtcNow().AddMinutes(15)));

    private Task ConfirmAsync(Guid order) =>
        shop.DeliverAsync("Catalog", "Ordering", $"order/{order}", new OrderConfirmed(order, "O-1", order, new Money(1, "EUR")));
}
