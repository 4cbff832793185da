namespace EndToEnd.Tests;

/// <summary>What was promised before a kill is kept after it.</summary>
public sealed class RestartTests : IDisposable
{
    private const string Sku = "KIT-0101";

    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;

    [Fact]
    public async Task Orders_in_flight_when_the_host_is_killed_are_finished_after_the_restart_and_nothing_is_done_twice()
    {
        var orders = new List<Guid>();
        int before;
        await using (var killed = await HostProcess.StartAndWaitAsync(_folder))
        {
            before = await AvailableAsync(killed);
            var shopper = await Shopper.RegisterAsync(killed.Client);
            for (var i = 0; i < 8; i++)
            {
                orders.Add(await shopper.BuyAsync(Sku, 1, idempotencyKey: $"order-number-{i}"));
            }

            await killed.KillAsync();
        }

        await using var host = await HostProcess.StartAndWaitAsync(_folder);
        using var operators = await host.LogInOperatorAsync();
        foreach (var order in orders)
        {
            await Eventually.TrueAsync(
                async () => await StatusAsync(operators, order) is "confirmed" or "shipped" or "delivered" or "completed",
                $"order {order} to be confirmed",
                TimeSpan.FromSeconds(60));
        }

        await Eventually.TrueAsync(async () => await AvailableAsync(host) == before - 8, "a stock of 8 less");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> StatusAsync(HttpClient operators, Guid order) =>
        (await operators.GetAsync(new Uri($"/api/v1/ordering/orders/{order}", UriKind.Relative)).ShouldBeAsync(200))["status"]!.GetValue<string>();

    private static async Task<int> AvailableAsync(HostProcess host) =>
        (await host.Client.GetAsync(new Uri($"/api/v1/catalog/products/{Sku}", UriKind.Relative)).ShouldBeAsync(200))["available"]!.GetValue<int>();
}
