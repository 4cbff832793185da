using Microsoft.AspNetCore.Http;

namespace Modules.Tests.ShopOrders;

/// <summary>Carts and checkouts while a module that they ask does not answer.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class UnansweredCheckoutTests(ShopWithServices shop) : IClassFixture<ShopWithServices>
{
    [Theory]
    [InlineData("Catalog")]
    [InlineData("Shipping")]
    public async Task A_checkout_is_refused_changes_nothing_and_succeeds_when_the_module_is_back(string module)
    {
        var sku = await shop.AddProductAsync();
        var shopper = await Shopper.RegisterAsync(shop.Anonymous());
        var cart = await shopper.FillCartAsync(sku, 2);
        var card = await shopper.CardAsync(Shopper.ApprovedCard);
        var before = (await shopper.GetAsync($"ordering/carts/{cart}")).ToJsonString();
        var key = Guid.CreateVersion7().ToString();
        await using (await shop.GiveAwayAsync(module, "fails"))
        {
            using var refused = await shopper.SendAsync(HttpMethod.Post, $"ordering/carts/{cart}/checkout", new { service = "standard", cardToken = card, address = Shopper.Berlin }, key);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            (await Task.FromResult(refused).ShouldFailAsync(503, "module.unavailable"))["module"]!.GetValue<string>().ShouldBe(module);
            (await shopper.GetAsync($"ordering/carts/{cart}")).ToJsonString().ShouldBe(before);
            (await shopper.GetAsync("ordering/orders"))["items"]!.AsArray().ShouldBeEmpty();
        }

        (await shopper.CheckOutAsync(cart, card, key)).ShouldNotBe(Guid.Empty);
        (await shopper.GetAsync("ordering/orders"))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_module_that_is_gone_is_named_and_asked_again_by_itself_when_it_is_back()
    {
        var sku = await shop.AddProductAsync();
        var shopper = await Shopper.RegisterAsync(shop.Anonymous());
        var cart = await shopper.FillCartAsync(sku, 1);
        await using var away = await shop.GiveAwayAsync("Catalog", "fails");
        await shop.Service.GoAwayAsync();
        for (var i = 0; i < 25; i++)
        {
            (await PutAsync().ShouldFailAsync(503, "module.unavailable"))["module"]!.GetValue<string>().ShouldBe("Catalog");
        }

        await shop.Service.RunAsync();
        shop.Service.Answer = http => http.Response.WriteAsync($$"""
            [ { "sku": "{{sku}}", "name": "From the service", "price": { "amount": 4711, "currency": "EUR" }, "weightGrams": 5, "isActive": true, "available": 9 } ]
            """);
        // The circuit has opened.
        shop.Clock.Advance(TimeSpan.FromSeconds(3));
        (await PutAsync().ShouldBeAsync(200)).ToJsonString().ShouldContain("4711");

        Task<HttpResponseMessage> PutAsync() => shopper.SendAsync(HttpMethod.Put, $"ordering/carts/{cart}/lines/{sku}", new { quantity = 3 });
    }
}
