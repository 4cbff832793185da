using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularShop.Facade;
using ModularShop.Modularity.Modules;

namespace Modules.Tests.Facade;

/// <summary>The writes that a follower executes before a switch, here in a process that could commit them.</summary>
public sealed class ReplicaWarmUpTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task Those_of_catalog_succeed_and_leave_nothing_behind()
    {
        var product = $"/api/v1/catalog/products/{await shop.AddProductAsync()}";
        await ExecuteAsync("Catalog", 4, product, $"{product}/stock", "/api/v1/catalog/products");
    }

    [Fact]
    public Task Those_of_shipping_succeed_and_leave_nothing_behind() => ExecuteAsync("Shipping", 1, "/api/v1/shipping/rates/table");

    private async Task ExecuteAsync(string name, int expected, params string[] looks)
    {
        var warmUp = shop.Services.GetServices<IHostedService>().OfType<ReplicaWarmUp>().Single();
        var module = shop.Services.GetRequiredService<ModuleRegistry>()[name];
        var requests = await warmUp.RequestsAsync(module, CancellationToken.None);
        requests.Count.ShouldBe(expected);
        var before = await LookAsync(looks);
        foreach (var request in requests)
        {
            (await warmUp.ExecuteAsync(module, request, CancellationToken.None)).ShouldNotBeNull().ShouldBeInRange(200, 204, request.Endpoint);
            (await LookAsync(looks)).ShouldBe(before, request.Endpoint);
        }
    }

    private async Task<string> LookAsync(string[] looks)
    {
        using var operators = shop.Operator();
        return string.Join('\n', await Task.WhenAll(looks.Select(l => operators.GetStringAsync(new Uri(l, UriKind.Relative)))));
    }
}
