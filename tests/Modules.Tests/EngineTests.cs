using ModularShop.Modularity.Data;

namespace Modules.Tests;

[Collection(Shop.Name)]
public sealed class EngineTests(ShopFixture shop)
{
    [Fact]
    public async Task Every_module_runs_on_the_engine_of_this_test_run()
    {
        foreach (var module in new[] { "Catalog", "Ordering", "Payments", "Shipping", "Customers" })
        {
            (await shop.ReadAsync(module, db => Task.FromResult(db.Provider))).ShouldBe(TestDatabase.Engine);
        }
    }
}
