using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Deployables;

namespace Modules.Tests.Facade;

/// <summary>Clients' writes while a module's data is handed over.</summary>
public sealed class WriteTrafficTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private WriteTraffic Traffic => shop.Services.GetRequiredService<WriteTraffic>();

    [Fact]
    public async Task What_comes_while_data_is_handed_over_is_executed_when_it_has_been()
    {
        var stock = new Uri($"/api/v1/catalog/products/{await shop.AddProductAsync()}/stock", UriKind.Relative);
        using var operators = shop.Operator();
        operators.DefaultRequestHeaders.Add("Idempotency-Key", "kept");
        await using var hold = Traffic.Hold("Catalog");
        await hold.BeginAsync(Long, default);
        var write = operators.PostAsJsonAsync(stock, new { quantity = 1, reason = "came in" });
        for (var i = 0; i < 20; i++)
        {
            // Reads go on.
            await operators.GetAsync(stock).ShouldBeAsync(200);
        }

        write.IsCompleted.ShouldBeFalse();
        await hold.EndAsync();
        await write.ShouldBeAsync(200);
    }

    [Fact]
    public async Task Those_under_way_end_first()
    {
        var first = Traffic.Enter("Ordering");
        var second = Traffic.Enter("Ordering");
        await using var hold = Traffic.Hold("Ordering");
        var begun = hold.BeginAsync(Long, default);
        first.Dispose();
        (Traffic.IsHeld("Ordering"), Traffic.IsHeld("Payments"), begun.IsCompleted).ShouldBe((true, false, false));
        second.Dispose();
        await begun;
    }

    [Fact]
    public async Task One_that_does_not_end_is_not_waited_for_for_ever_and_who_is_kept_neither()
    {
        using var endless = Traffic.Enter("Payments");
        await using var hold = Traffic.Hold("Payments");
        await hold.BeginAsync(TimeSpan.FromMilliseconds(1), default);
        await Traffic.ReleasedAsync("Payments", TimeSpan.FromMilliseconds(1), default);
        Traffic.IsHeld("Payments").ShouldBeTrue();
    }

    [Fact]
    public async Task Who_is_kept_knows_the_owner_when_he_is_let_go()
    {
        var ownerships = shop.Services.GetRequiredService<Ownerships>();
        await using var hold = Traffic.Hold("Catalog");
        await hold.BeginAsync(Long, default);
        var before = ownerships.Of("Catalog").Epoch;
        var known = KnownAsync();
        await shop.MoveThereAndBackAsync();
        await hold.EndAsync();
        (await known).ShouldBe(before + 2);

        async Task<long> KnownAsync()
        {
            await Traffic.ReleasedAsync("Catalog", Long, default);
            return ownerships.Of("Catalog").Epoch;
        }
    }
}
