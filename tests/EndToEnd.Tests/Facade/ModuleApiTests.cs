using ModularShop.Modularity.Data;

namespace EndToEnd.Tests.Facade;

/// <summary>The host asks a module whose service is a process of its own, over mutual TLS, and which is killed.</summary>
public sealed class ModuleApiTests
{
    [Fact]
    public async Task A_killed_service_costs_its_part_of_the_answer_and_no_more_until_it_is_back()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await using var deployment = await Deployment.StartAsync(database, ["Shipping"]);
        using var operators = await deployment.Host.LogInOperatorAsync();
        var shopper = await Shopper.RegisterAsync(deployment.Host.Client);
        var order = await shopper.BuyAsync("KIT-0101", 1);
        await PartsAsync(missing: []);
        var before = await ShipmentAsync();
        (await operators.ChangeOwnerAsync("Shipping")).ShouldBe("service");
        await PartsAsync(missing: []);
        (await ShipmentAsync()).ShouldBe(before);

        // At checkout the rate is asked for at the service too.
        var cart = await shopper.FillCartAsync("KIT-0101", 1);
        var card = await shopper.CardAsync(Shopper.ApprovedCard);
        await deployment.KillAsync("Shipping");
        await PartsAsync(missing: ["shipment"]);
        var key = Guid.CreateVersion7().ToString();
        (await shopper.SendAsync(HttpMethod.Post, $"ordering/carts/{cart}/checkout", new { service = "standard", cardToken = card, address = Shopper.Berlin }, key)
            .ShouldFailAsync(503, "module.unavailable"))["module"]!.GetValue<string>().ShouldBe("Shipping");

        await deployment.Start("Shipping").ReadyAsync();
        await PartsAsync(missing: []);
        await Eventually.TrueAsync(async () => (await shopper.SendAsync(
            HttpMethod.Post, $"ordering/carts/{cart}/checkout", new { service = "standard", cardToken = card, address = Shopper.Berlin }, key)).IsSuccessStatusCode, "the checkout");

        async Task<string> ShipmentAsync() => (await shopper.GetAsync($"shop/orders/{order}"))["shipment"]!["shipmentId"]!.GetValue<string>();

        Task PartsAsync(string[] missing) => Eventually.TrueAsync(
            async () => await shopper.GetAsync($"shop/orders/{order}") is var now
                && now["missing"]!.AsArray().Select(m => m!["part"]!.GetValue<string>()).SequenceEqual(missing, StringComparer.Ordinal)
                && now["payment"] is not null && now["shipment"] is null == missing.Contains("shipment", StringComparer.Ordinal),
            $"the order without {string.Join(", ", missing)}",
            TimeSpan.FromSeconds(60));
    }
}
