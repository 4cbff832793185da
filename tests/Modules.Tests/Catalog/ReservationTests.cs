using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;
using ModularShop.Ordering.Contracts;

namespace Modules.Tests.Catalog;

/// <summary>Stock, as orders move it by messages.</summary>
[Collection(Shop.Name)]
public sealed class ReservationTests(ShopFixture shop)
{
    private readonly Guid _order = Guid.CreateVersion7();

    [Fact]
    public async Task Reserved_pieces_are_not_available_to_others()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(new StockLine(sku.ToLowerInvariant(), 4));

        (await shop.PublishedAsync<StockReserved>(m => m.OrderId == _order)).ExpiresAt.ShouldBeGreaterThan(shop.Clock.GetUtcNow());
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 10, 4, 6));
        await RefusedAsync(Guid.CreateVersion7(), [new StockLine(sku, 7)], [new StockShortage(sku, 7, 6)]);
    }

    [Fact]
    public async Task All_lines_are_reserved_or_none()
    {
        var (enough, scarce) = (await shop.AddProductAsync(stock: 10), await shop.AddProductAsync(stock: 1));
        await RefusedAsync(_order, [new StockLine(enough, 2), new StockLine(scarce, 2), new StockLine("nope", 1)], [new StockShortage(scarce, 2, 1), new StockShortage("NOPE", 1, 0)]);
        (await shop.StockAsync(enough)).Reserved.ShouldBe(0);
        (await shop.StockAsync(scarce)).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Lines_of_one_product_count_together()
    {
        var sku = await shop.AddProductAsync(stock: 3);
        await RefusedAsync(_order, [new StockLine(sku, 2), new StockLine(sku, 2)], [new StockShortage(sku, 4, 3)]);
        await RefusedAsync(Guid.CreateVersion7(), [new StockLine(sku, int.MaxValue), new StockLine(sku, int.MaxValue)], [new StockShortage(sku, int.MaxValue, 3)]);
    }

    [Fact]
    public async Task Nothing_and_less_than_nothing_cannot_be_reserved()
    {
        var sku = await shop.AddProductAsync(stock: 3);
        await RefusedAsync(_order, [], []);
        await RefusedAsync(Guid.CreateVersion7(), [new StockLine(sku, -2)], [new StockShortage(sku, -2, 3)]);
        await RefusedAsync(Guid.CreateVersion7(), [new StockLine(sku, 3), new StockLine(sku, -1)], [new StockShortage(sku, 2, 3)]);
        await RefusedAsync(Guid.CreateVersion7(), [new StockLine(sku, 0)], [new StockShortage(sku, 0, 3)]);
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 3, 0, 3));
    }

    [Fact]
    public async Task A_discontinued_product_has_nothing_available()
    {
        var sku = await shop.AddProductAsync(stock: 3);
        using var operators = shop.Operator();
        await operators.PostAsync(new Uri($"/api/v1/catalog/products/{sku}/discontinue", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        await RefusedAsync(_order, [new StockLine(sku, 1)], [new StockShortage(sku, 1, 0)]);
    }

    [Fact]
    public async Task A_confirmed_order_takes_its_pieces_once()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(new StockLine(sku, 4));
        await ConfirmAsync();
        await ConfirmAsync();
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 6, 0, 6));
    }

    [Fact]
    public async Task Released_pieces_are_available_again_whether_reserved_or_taken()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(new StockLine(sku, 4));
        await ReleaseAsync(_order);
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 10, 0, 10));
        await ReleaseAsync(_order);
        await ConfirmAsync();
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 10, 0, 10), "what is released is not taken any more");
    }

    [Fact]
    public async Task Pieces_already_taken_return_to_stock_once()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(new StockLine(sku, 4));
        await ConfirmAsync();
        await ReleaseAsync(_order);
        await ReleaseAsync(_order);
        (await shop.StockAsync(sku)).ShouldBe(new StockFigures(sku, 10, 0, 10));
    }

    [Fact]
    public async Task Releasing_or_confirming_an_order_that_holds_nothing_does_no_harm()
    {
        await ReleaseAsync(_order);
        await ConfirmAsync();
    }

    [Fact]
    public async Task A_second_request_for_the_same_order_gets_the_same_answer_and_no_more_stock()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(new StockLine(sku, 4));
        await ReserveAsync(new StockLine(sku, 4));
        await Eventually.TrueAsync(() => Task.FromResult(shop.Published<StockReserved>(m => m.OrderId == _order).Count == 2), "two answers");
        (await shop.StockAsync(sku)).Reserved.ShouldBe(4);
    }

    [Fact]
    public async Task An_order_that_is_over_gets_no_stock_by_a_late_request()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(new StockLine(sku, 4));
        await ReleaseAsync(_order);
        await ReserveAsync(new StockLine(sku, 4));
        await shop.PublishedAsync<StockReservationRefused>(m => m.OrderId == _order);
        (await shop.StockAsync(sku)).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task The_same_message_delivered_twice_counts_once()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        var id = Guid.CreateVersion7();
        for (var i = 0; i < 2; i++)
        {
            await shop.DeliverAsync("Catalog", "Ordering", $"order/{_order}", new ReserveStock(_order, [new StockLine(sku, 4)], shop.Clock.GetUtcNow().AddHours(1)), id);
        }

        await shop.SettledAsync();
        shop.Published<StockReserved>(m => m.OrderId == _order).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_ledger_says_where_every_piece_went()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        await ReserveAsync(new StockLine(sku, 4));
        await ConfirmAsync();
        await ReleaseAsync(_order);

        using var operators = shop.Operator();
        var stock = await operators.GetAsync(new Uri($"/api/v1/catalog/products/{sku}/stock", UriKind.Relative)).ShouldBeAsync(200);
        var movements = stock["movements"]!.AsArray().Select(m => (m!["quantity"]!.GetValue<int>(), m["reason"]!.GetValue<string>())).ToList();
        movements.ShouldBe([(4, $"Order {_order} returned"), (-4, $"Order {_order}"), (10, "Opening stock")]);
    }

    private async Task RefusedAsync(Guid order, IReadOnlyList<StockLine> lines, IReadOnlyList<StockShortage> shortages)
    {
        await shop.DeliverAsync("Catalog", "Ordering", $"order/{order}", new ReserveStock(order, lines, shop.Clock.GetUtcNow().AddHours(1)));
        (await shop.PublishedAsync<StockReservationRefused>(m => m.OrderId == order)).Shortages.ShouldBe(shortages);
        shop.Published<StockReserved>(m => m.OrderId == order).ShouldBeEmpty();
    }

    private Task ReserveAsync(params StockLine[] lines) =>
        shop.DeliverAsync("Catalog", "Ordering", $"order/{_order}", new ReserveStock(_order, lines, shop.Clock.GetUtcNow().AddHours(1)));

    private Task ReleaseAsync(Guid order) => shop.DeliverAsync("Catalog", "Ordering", $"order/{order}", new ReleaseStock(order));

    private Task ConfirmAsync() =>
        shop.DeliverAsync("Catalog", "Ordering", $"order/{_order}", new OrderConfirmed(_order, "O-1", Guid.CreateVersion7(), new Money(1, "EUR")));
}
