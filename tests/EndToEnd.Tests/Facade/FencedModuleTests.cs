using System.Diagnostics;
using EndToEnd.Tests.Crashes;
using ModularShop.Modularity.Data;
using PaymentProviderSimulator;

namespace EndToEnd.Tests.Facade;

/// <summary>Two modules, one after the other, take no writes for two seconds in the middle of many checkouts.</summary>
public sealed class FencedModuleTests
{
    private const int Customers = 20;

    private static readonly TimeSpan Fenced = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Orders_flow_on_and_no_request_and_no_message_fails()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await using var provider = await ProviderSimulator.StartAsync(Fleet.ProviderOptions);
        // Modules that could move: nobody listens there.
        await using var host = await HostProcess.StartAndWaitAsync(
            database, settings: [.. Fleet.SettingsWith(provider), ("Peers:Addresses:Catalog", "https://127.0.0.1:1"), ("Peers:Addresses:Ordering", "https://127.0.0.1:1")]);
        var books = new Books(database);
        using var rush = await Rush.ComeAsync([host.Address], await books.WellStockedAsync(8), Customers);
        foreach (var module in new[] { "Catalog", "Ordering" })
        {
            var checkOut = await rush.PrepareAsync();
            var before = rush.Told.Count;
            var fence = new Fence(database, module);
            var wave = checkOut();
            await rush.AnsweredAsync(before + 1);
            await fence.RaiseAsync();
            var fenced = Stopwatch.StartNew();
            await Eventually.TrueAsync(() => Task.FromResult(fenced.Elapsed > Fenced), "two seconds to pass");
            await fence.LowerAsync();
            await wave;
        }

        rush.Told.Count.ShouldBe(2 * Customers);
        rush.Refused.ShouldBeNull("every write waited for its owner");
        await books.ReconcileAsync(rush, provider.Ledger);
        host.Output.ShouldNotContain("fail: ModularShop", customMessage: host.Output);
    }
}
