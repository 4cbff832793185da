using System.Text.Json.Nodes;

namespace Modules.Tests.ShopOrders;

/// <summary>An order with what three modules know of it, whichever of them answers.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class ShopOrderTests(ShopWithServices shop) : IClassFixture<ShopWithServices>
{
    [Fact]
    public async Task An_order_has_its_payment_and_its_shipment()
    {
        var (shopper, order) = await BuyAsync();
        var whole = await Eventually.GetAsync(async () => await shopper.GetAsync($"shop/orders/{order}") is { } now && now["shipment"] is not null ? now : null, "the shipment");
        whole["missing"]!.AsArray().ShouldBeEmpty();
        foreach (var part in new[] { "order", "payment", "shipment" })
        {
            whole[part]!["orderId"]!.GetValue<Guid>().ShouldBe(order);
        }

        whole["payment"]!["amount"]!.ToJsonString().ShouldBe(whole["order"]!["total"]!.ToJsonString());
        whole["shipment"]!["trackingNumber"]!.GetValue<string>().ShouldNotBeNullOrEmpty();
        (await shop.Operator().GetAsync(Address(order)).ShouldBeAsync(200))["order"]!["number"]!.GetValue<string>().ShouldBe(whole["order"]!["number"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Shipping", "shipment", "hangs", "tooSlow")]
    [InlineData("Shipping", "shipment", "fails", "unavailable")]
    [InlineData("Payments", "payment", "hangs", "tooSlow")]
    [InlineData("Payments", "payment", "fails", "unavailable")]
    public async Task A_part_that_cannot_be_had_is_named_and_the_others_are_there(string module, string part, string trouble, string reason)
    {
        var (shopper, order) = await ShippedAsync();
        await using var away = await shop.GiveAwayAsync(module, trouble);
        // What hangs does so for ever: that there is an answer says that nobody waited for it.
        var rest = await shopper.GetAsync($"shop/orders/{order}");
        rest[part].ShouldBeNull();
        rest[part == "payment" ? "shipment" : "payment"].ShouldNotBeNull();
        rest["order"]!["orderId"]!.GetValue<Guid>().ShouldBe(order);
        var missing = rest["missing"]!.AsArray().ShouldHaveSingleItem()!;
        missing["part"]!.GetValue<string>().ShouldBe(part);
        missing["reason"]!.GetValue<string>().ShouldBe(reason);
        missing["detail"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task An_order_is_there_while_all_else_is_gone_and_whole_again_when_that_is_back()
    {
        var (shopper, order) = await ShippedAsync();
        await using (await shop.GiveAwayAsync("Payments", "fails"))
        await using (await shop.GiveAwayAsync("Shipping", "fails"))
        {
            await shop.Service.GoAwayAsync();
            try
            {
                var rest = await shopper.GetAsync($"shop/orders/{order}");
                rest["order"]!["orderId"]!.GetValue<Guid>().ShouldBe(order);
                rest["missing"]!.AsArray().Select(m => m!["part"]!.GetValue<string>()).ShouldBe(["payment", "shipment"]);
            }
            finally
            {
                await shop.Service.RunAsync();
            }
        }

        (await shopper.GetAsync($"shop/orders/{order}"))["missing"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("fails")]
    public async Task Where_the_order_itself_cannot_be_had_the_answer_names_Ordering_and_when_to_come_back(string trouble)
    {
        await using var away = await shop.GiveAwayAsync("Ordering", trouble);
        using var response = await shop.Operator().GetAsync(Address(Guid.CreateVersion7()));
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await Task.FromResult(response).ShouldFailAsync(503, "module.unavailable"))["module"]!.GetValue<string>().ShouldBe("Ordering");
    }

    [Fact]
    public async Task Somebody_elses_order_is_not_there_and_neither_is_one_that_nobody_placed()
    {
        var (_, order) = await BuyAsync();
        await shop.Customer().GetAsync(Address(order)).ShouldFailAsync(404, "shop.order_not_found");
        await shop.Customer().GetAsync(Address(Guid.CreateVersion7())).ShouldFailAsync(404, "shop.order_not_found");
        await shop.Operator().GetAsync(Address(Guid.CreateVersion7())).ShouldFailAsync(404, "shop.order_not_found");
        await shop.Operator().GetAsync(new Uri("/api/v1/shop/orders/7", UriKind.Relative)).ShouldHaveStatusAsync(404);
        await shop.Anonymous().GetAsync(Address(order)).ShouldHaveStatusAsync(401);
        await shop.ForgedOperator().GetAsync(Address(order)).ShouldHaveStatusAsync(401);
    }

    [Fact]
    public async Task The_document_of_the_whole_shop_describes_it()
    {
        var document = await shop.Anonymous().GetAsync(new Uri("/openapi/shop.json", UriKind.Relative)).ShouldBeAsync(200);
        var get = document["paths"]!["/api/v1/shop/orders/{orderId}"]!["get"]!;
        get["operationId"]!.GetValue<string>().ShouldBe("Shop.GetOrder");
        get["responses"]!.AsObject().Select(r => r.Key).ShouldBe(["200", "400", "404", "503"], ignoreOrder: true);
        document["components"]!["schemas"]!["ShopOrder"]!["properties"]!.AsObject().Select(p => p.Key).ShouldBe(["order", "payment", "shipment", "missing"], ignoreOrder: true);
    }

    private static Uri Address(Guid order) => new($"/api/v1/shop/orders/{order}", UriKind.Relative);

    private async Task<(Shopper Shopper, Guid Order)> BuyAsync()
    {
        var sku = await shop.AddProductAsync();
        var shopper = await Shopper.RegisterAsync(shop.Anonymous());
        return (shopper, await shopper.BuyAsync(sku, 1));
    }

    private async Task<(Shopper Shopper, Guid Order)> ShippedAsync()
    {
        var (shopper, order) = await BuyAsync();
        await Eventually.TrueAsync(async () => (await shopper.GetAsync($"shop/orders/{order}"))["shipment"] is not null, "the shipment");
        return (shopper, order);
    }
}
