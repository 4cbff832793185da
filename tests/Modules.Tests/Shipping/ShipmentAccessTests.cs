namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class ShipmentAccessTests(ShippingShop shop)
{
    [Fact]
    public async Task Without_a_valid_token_no_shipment_is_seen()
    {
        var order = await shop.BookedAsync();
        foreach (var client in new[] { shop.Anonymous(), shop.ExpiredCustomer(), shop.ForgedOperator() })
        {
            using (client)
            {
                await client.GetAsync($"/api/v1/shipping/shipments/{order.Id}").ShouldFailAsync(401, "request.unauthenticated");
                await client.GetAsync("/api/v1/shipping/shipments").ShouldFailAsync(401, "request.unauthenticated");
            }
        }
    }

    [Fact]
    public async Task An_order_id_that_is_none_is_not_found()
    {
        using var operators = shop.Operator();
        await operators.GetAsync("/api/v1/shipping/shipments/not-an-id").ShouldFailAsync(404, "request.not_found");
    }

    [Fact]
    public async Task An_operator_pages_through_the_shipments_of_one_status_newest_first()
    {
        var orders = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var order = TestOrder.New("AQ");
            await shop.AskForAsync(order);
            orders.Insert(0, order.Id.ToString());
        }

        using var operators = shop.Operator();
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await operators.GetAsync($"/api/v1/shipping/shipments?status=refused&size=2{(after is null ? "" : $"&after={after}")}").ShouldBeAsync(200);
            page["items"]!.AsArray().ShouldAllBe(s => s!.Text("status") == "refused");
            seen.AddRange(page["items"]!.AsArray().Select(s => s!.Text("orderId")));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        seen.Take(5).ShouldBe(orders);
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(seen.Count);
    }
}
