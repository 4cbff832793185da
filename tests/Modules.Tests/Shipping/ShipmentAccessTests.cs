namespace Modules.Tests.Shipping;

[Collection(ShippingCollection.Name)]
public sealed class ShipmentAccessTests(ShippingShop shop)
{
    [Fact]
    public async Task A_customer_sees_the_shipment_of_an_own_order_and_nobody_elses()
    {
        var order = await shop.BookedAsync();
        using var owner = shop.Customer(order.CustomerId);
        (await owner.GetAsync($"/api/v1/shipping/shipments/{order.Id}").ShouldBeAsync(200))["address"]!.Text("recipient").ShouldBe(order.Recipient);
        using var stranger = shop.Customer();
        var theirs = await stranger.GetAsync($"/api/v1/shipping/shipments/{order.Id}").ShouldFailAsync(404, "shipping.shipment_not_found");
        var nothing = await stranger.GetAsync($"/api/v1/shipping/shipments/{Guid.CreateVersion7()}").ShouldFailAsync(404, "shipping.shipment_not_found");
        theirs.AsObject().Select(p => p.Key).ShouldBe(nothing.AsObject().Select(p => p.Key), "an answer does not tell whether the order exists");
    }

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
    public async Task Customers_do_not_see_the_list()
    {
        using var customer = shop.Customer();
        await customer.GetAsync("/api/v1/shipping/shipments").ShouldFailAsync(403, "request.forbidden");
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

    [Theory]
    [InlineData("status=lost", "request.invalid")]
    [InlineData("size=0", "request.invalid")]
    [InlineData("size=101", "request.invalid")]
    [InlineData("size=many", "request.malformed")]
    [InlineData("after=nonsense", "request.cursor")]
    public async Task A_list_that_cannot_be_is_refused(string query, string code)
    {
        using var operators = shop.Operator();
        await operators.GetAsync($"/api/v1/shipping/shipments?{query}").ShouldFailAsync(400, code);
    }
}
