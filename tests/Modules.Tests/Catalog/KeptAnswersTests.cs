using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Contracts;

namespace Modules.Tests.Catalog;

/// <summary>Answers that are the same for everybody are kept, and nobody reads what has been changed since.</summary>
[Collection(Shop.Name)]
public sealed class KeptAnswersTests(ShopFixture shop)
{
    private const string Categories = "/api/v1/catalog/categories";

    [Theory]
    [InlineData(CatalogShop.Products)]
    [InlineData(Categories)]
    public async Task The_same_question_is_answered_from_memory(string path)
    {
        await shop.AddProductAsync();
        using var anyone = shop.Anonymous();
        // Another suite may change something in between.
        await Eventually.TrueAsync(async () => await IsKeptAsync(anyone, path), "a kept answer");
        (await IsKeptAsync(anyone, $"{path}?size=1&other={Guid.CreateVersion7()}")).ShouldBeFalse("another question");
    }

    [Fact]
    public async Task Who_has_changed_a_price_reads_the_new_one_at_once_whatever_others_read_meanwhile()
    {
        var sku = await shop.AddProductAsync(price: 1);
        using var operators = shop.Operator();
        using var stop = new CancellationTokenSource();
        var others = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadAsync(sku, stop.Token))).ToList();
        for (var price = 2; price <= 201; price++)
        {
            await operators.PutAsJsonAsync($"{CatalogShop.Products}/{sku}/price", new { price = new { amount = price, currency = "EUR" } }).ShouldHaveStatusAsync(204);
            using var anyone = shop.Anonymous();
            (await shop.ProductAsync(sku))["price"]!["amount"]!.GetValue<int>().ShouldBe(price);
            var row = (await anyone.GetAsync(new Uri($"{CatalogShop.Products}?search={sku}", UriKind.Relative)).ShouldBeAsync(200))["items"]![0]!;
            row["price"]!["amount"]!.GetValue<int>().ShouldBe(price);
        }

        await stop.CancelAsync();
        (await Task.WhenAll(others)).Sum().ShouldBeGreaterThan(0, "answers are kept while all this happens");
    }

    [Fact]
    public async Task Who_bears_a_token_gets_an_answer_of_his_own_and_leaves_none()
    {
        var sku = await shop.AddProductAsync();
        var path = $"{CatalogShop.Products}/{sku}";
        using var customer = shop.Customer();
        (await IsKeptAsync(customer, path)).ShouldBeFalse();
        using var anyone = shop.Anonymous();
        (await IsKeptAsync(anyone, path)).ShouldBeFalse("the customer's answer is nobody else's");
        (await IsKeptAsync(anyone, path)).ShouldBeTrue();
        (await IsKeptAsync(customer, path)).ShouldBeFalse();
    }

    [Fact]
    public async Task Pieces_that_an_order_sets_aside_are_no_longer_offered()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        using var anyone = shop.Anonymous();
        foreach (var left in new[] { 9, 8, 7 })
        {
            await anyone.GetAsync(new Uri($"{CatalogShop.Products}/{sku}", UriKind.Relative)).ShouldHaveStatusAsync(200);
            var order = Guid.CreateVersion7();
            await shop.DeliverAsync("Catalog", "Ordering", $"order/{order}", new ReserveStock(order, [new StockLine(sku, 1)], shop.Clock.GetUtcNow().AddHours(1)));
            // The row of the message is there to be seen a moment before the module knows that it has committed it.
            await Eventually.TrueAsync(async () => (await shop.ProductAsync(sku))["available"]!.GetValue<int>() == left, $"{left} to be offered");
            (await anyone.GetAsync(new Uri($"{CatalogShop.Products}?search={sku}", UriKind.Relative)).ShouldBeAsync(200))["items"]![0]!["available"]!.GetValue<int>().ShouldBe(left);
        }
    }

    [Fact]
    public async Task A_category_that_is_renamed_is_renamed_in_its_products()
    {
        var root = $"r{Guid.CreateVersion7():N}";
        var sku = await shop.AddProductAsync(category: root);
        using var operators = shop.Operator();
        using var anyone = shop.Anonymous();
        foreach (var name in new[] { "One", "Two" })
        {
            await anyone.GetAsync(new Uri(Categories, UriKind.Relative)).ShouldHaveStatusAsync(200);
            await operators.PutAsJsonAsync($"{Categories}/{root}", new { name }).ShouldHaveStatusAsync(204);
            (await shop.ProductAsync(sku))["category"]!.GetValue<string>().ShouldBe(name);
            (await anyone.GetAsync(new Uri($"{CatalogShop.Products}?search={sku}", UriKind.Relative)).ShouldBeAsync(200))["items"]![0]!["category"]!.GetValue<string>().ShouldBe(name);
            var tree = await anyone.GetAsync(new Uri(Categories, UriKind.Relative)).ShouldBeAsync(200);
            tree["items"]!.AsArray().Single(c => c!["path"]!.GetValue<string>() == root)!["name"]!.GetValue<string>().ShouldBe(name);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_looked_for_again()
    {
        var sku = $"LATE-{Guid.CreateVersion7():N}"[..30];
        using var anyone = shop.Anonymous();
        await anyone.GetAsync(new Uri($"{CatalogShop.Products}/{sku}", UriKind.Relative)).ShouldHaveStatusAsync(404);
        (await IsKeptAsync(anyone, $"{CatalogShop.Products}/{sku}", 404)).ShouldBeFalse();
        await shop.AddProductAsync(sku: sku);
        await anyone.GetAsync(new Uri($"{CatalogShop.Products}/{sku}", UriKind.Relative)).ShouldHaveStatusAsync(200);
    }

    private static async Task<bool> IsKeptAsync(HttpClient client, string path, int status = 200)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        ((int)response.StatusCode).ShouldBe(status);
        return response.Headers.Age is not null;
    }

    /// <summary>How many of the answers had been kept.</summary>
    private async Task<int> ReadAsync(string sku, CancellationToken stop)
    {
        var kept = 0;
        using var anyone = shop.Anonymous();
        while (!stop.IsCancellationRequested)
        {
            kept += await IsKeptAsync(anyone, $"{CatalogShop.Products}/{sku}") ? 1 : 0;
        }

        return kept;
    }
}
