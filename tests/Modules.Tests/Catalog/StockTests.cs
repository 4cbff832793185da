using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Contracts;
using ModularShop.Catalog.Domain;
using ModularShop.Contracts;
using ModularShop.Ordering.Contracts;

namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class StockTests(ShopFixture shop)
{
    [Fact]
    public async Task A_restock_that_is_repeated_counts_once()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        for (var i = 0; i < 3; i++)
        {
            (await AdjustAsync(sku, 5, "delivery-1").ShouldBeAsync<StockFigures>(200)).ShouldBe(new StockFigures(sku, 15, 0, 15));
        }

        await AdjustAsync(sku, 6, "delivery-1").ShouldFailAsync(422, "catalog.idempotency_key_reused");
        await AdjustAsync(sku, 5, "delivery-1", "Another reason").ShouldFailAsync(422, "catalog.idempotency_key_reused");
        (await AdjustAsync(sku, 5, "delivery-2").ShouldBeAsync<StockFigures>(200)).OnHand.ShouldBe(20);
        var other = await shop.AddProductAsync(stock: 0);
        (await AdjustAsync(other, 5, "delivery-1").ShouldBeAsync<StockFigures>(200)).OnHand.ShouldBe(5, "a key is a product's own");
    }

    [Fact]
    public async Task A_restock_sent_ten_times_at_once_counts_once()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AdjustAsync(sku, 5, "delivery")));
        answers.ShouldAllBe(a => (int)a.StatusCode == 200);
        (await shop.StockAsync(sku)).OnHand.ShouldBe(15);
    }

    [Fact]
    public async Task Reserved_pieces_cannot_be_written_off()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        var order = Guid.CreateVersion7();
        await shop.DeliverAsync("Catalog", "Ordering", $"order/{order}", new ReserveStock(order, [new StockLine(sku, 4)], shop.Clock.GetUtcNow().AddHours(1)));
        await AdjustAsync(sku, -7, "lost").ShouldFailAsync(409, "catalog.stock_out_of_range");
        (await AdjustAsync(sku, -6, "lost").ShouldBeAsync<StockFigures>(200)).ShouldBe(new StockFigures(sku, 4, 4, 0));
        await AdjustAsync(sku, 1_000_000_000, "too-many").ShouldFailAsync(409, "catalog.stock_out_of_range");
    }

    [Theory]
    [InlineData(0, "k", "r", "quantity")]
    [InlineData(int.MaxValue, "k", "r", "quantity")]
    [InlineData(1, "k", "", "reason")]
    [InlineData(1, null, "r", "idempotencyKey")]
    [InlineData(1, "with space", "r", "idempotencyKey")]
    public async Task A_movement_needs_a_quantity_a_reason_and_a_key(int quantity, string? key, string reason, string field)
    {
        var sku = await shop.AddProductAsync();
        var problem = await AdjustAsync(sku, quantity, key, reason).ShouldFailAsync(400, "request.invalid");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe([field]);
        await AdjustAsync("nope", 1, "k").ShouldFailAsync(404, "catalog.product_not_found");
    }

    [Fact]
    public async Task Whatever_happens_at_once_reserved_is_never_more_than_on_hand_and_the_ledger_is_right()
    {
        string[] skus = [await shop.AddProductAsync(stock: 20), await shop.AddProductAsync(stock: 5), await shop.AddProductAsync(stock: 0)];
        var end = new TaskCompletionSource();
        var watching = WatchAsync(skus, end.Task);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(seed => TradeAsync(skus, new Random(seed))));
        await shop.SettledAsync();
        end.SetResult();
        await watching;

        foreach (var sku in skus)
        {
            var sums = await shop.ReadAsync("Catalog", async db => (
                ledger: await db.Set<StockMovement>().Where(m => m.Sku == sku).SumAsync(m => m.Quantity),
                held: await db.Set<Reservation>().Where(r => r.Status == ReservationStatus.Held).SelectMany(r => r.Lines).Where(l => l.Sku == sku).SumAsync(l => l.Quantity)));
            var stock = await shop.StockAsync(sku);
            (stock.OnHand, stock.Reserved).ShouldBe((sums.ledger, sums.held));
        }
    }

    /// <summary>Orders that reserve, confirm and release in any order and more than once, between restocks and losses.</summary>
    private async Task TradeAsync(string[] skus, Random random)
    {
        for (var i = 0; i < 6; i++)
        {
            var order = Guid.CreateVersion7();
            IMessage[] messages =
            [
                new ReserveStock(order, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new StockLine(skus[random.Next(3)], random.Next(-1, 6)))], shop.Clock.GetUtcNow().AddHours(1)),
                new OrderConfirmed(order, "O", order, new Money(1, "EUR")),
                new ReleaseStock(order),
            ];
            foreach (var message in Enumerable.Range(0, 5).Select(_ => messages[random.Next(3)]).Prepend(messages[0]))
            {
                await shop.PostAsync("Catalog", "Ordering", $"order/{order}", message);
            }

            using var answer = await AdjustAsync(skus[random.Next(3)], random.Next(2) == 0 ? random.Next(1, 5) : -random.Next(1, 5), $"{order}");
            ((int)answer.StatusCode).ShouldBeOneOf(200, 409);
        }
    }

    private async Task WatchAsync(string[] skus, Task end)
    {
        while (!end.IsCompleted)
        {
            foreach (var sku in skus)
            {
                var stock = await shop.StockAsync(sku);
                stock.Reserved.ShouldBeInRange(0, stock.OnHand);
                stock.Available.ShouldBe(stock.OnHand - stock.Reserved);
            }
        }
    }

    private async Task<HttpResponseMessage> AdjustAsync(string sku, int quantity, string? key, string reason = "Counted")
    {
        using var operators = shop.Operator();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{CatalogShop.Products}/{sku}/stock", UriKind.Relative)) { Content = JsonContent.Create(new { quantity, reason }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await operators.SendAsync(request);
    }
}
