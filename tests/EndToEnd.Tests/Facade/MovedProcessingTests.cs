using EndToEnd.Tests.Crashes;
using ModularShop.Modularity.Data;
using PaymentProviderSimulator;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Facade;

/// <summary>
/// Shipping's processing moves from the host to its service and back in the middle of checkouts, and its service is killed while
/// it processes; then the books of all modules are compared.
/// </summary>
public sealed class MovedProcessingTests(ITestOutputHelper output)
{
    private static readonly int Customers = LongRun.IsOn ? 40 : 20;

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Long)]
    public Task On_sqlite_every_order_is_shipped_once() => MoveAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_every_order_is_shipped_once() => MoveAsync(DatabaseProvider.PostgreSql);

    private async Task MoveAsync(DatabaseProvider engine)
    {
        var moves = LongRun.IsOn ? 40 : 4;
        await using var database = await TestDatabase.FilledAsync(engine);
        await using var provider = await ProviderSimulator.StartAsync(Fleet.ProviderOptions);
        await using var deployment = await Deployment.StartAsync(database, ["Shipping"], _ => Fleet.SettingsWith(provider));
        using var operators = await deployment.Host.LogInOperatorAsync();
        var books = new Books(database);
        using var rush = await Rush.ComeAsync([deployment.Host.Address], await books.WellStockedAsync(8), Customers);
        var processed = 0;
        for (var move = 0; move < moves; move++)
        {
            var checkOut = await rush.PrepareAsync();
            var before = rush.Told.Count;
            var wave = checkOut();
            // Another moment each time.
            await rush.AnsweredAsync(before + (Customers * (move + 1) / (moves + 1)));
            var owner = await operators.ChangeOwnerAsync("Shipping");
            if (owner == "service")
            {
                await Eventually.TrueAsync(
                    async () => (await books.HoldersAsync()).Contains(deployment["Shipping"].Id), "the service to process Shipping");
                processed++;
            }

            await wave;
            if (owner == "service" && move % 4 == 2)
            {
                await deployment.KillAsync("Shipping");
                await deployment.Start("Shipping").ReadyAsync();
            }
        }

        output.WriteLine($"{engine}: {rush.Told.Count} orders, {moves} moves, {processed} of them to the service");
        rush.Told.Count.ShouldBe(moves * Customers);
        await books.ReconcileAsync(rush, provider.Ledger);
    }
}
