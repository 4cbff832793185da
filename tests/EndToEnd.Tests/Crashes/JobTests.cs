using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Contracts;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Data;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Crashes;

/// <summary>A host is killed in the middle of a recurring job.</summary>
public sealed class JobTests(ITestOutputHelper output)
{
    private const int Reservations = 400;

    [PostgreSqlFact]
    public async Task A_job_that_a_kill_cut_short_runs_again_on_the_other_host_and_does_nothing_twice()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var fleet = await Fleet.StartAsync(database, hosts: 2, ("Catalog:Jobs:ExpireReservations", "00:00:00.500"));
        var books = new Books(database);
        var sku = (await books.WellStockedAsync(1))[0];
        var available = await ReserveAsync(database, sku);

        await Eventually.TrueAsync(async () => await HeldAsync(database) < Reservations - 10, "the job to run", TimeSpan.FromSeconds(60));
        var holder = (await books.HoldersAsync())[0] == fleet[0].Id ? 0 : 1;
        await fleet.KillAsync(holder);
        var left = await HeldAsync(database);
        output.WriteLine($"killed with {left} of {Reservations} reservations still to expire");
        left.ShouldBeInRange(1, Reservations - 1, "the kill is in the middle of the job");
        await Eventually.TrueAsync(async () => await HeldAsync(database) == 0, "the job to run on the other host", TimeSpan.FromSeconds(60));
        await fleet.RestartAsync(holder);

        await Eventually.TrueAsync(async () => (await ToldAsync(database)).Count >= Reservations, "Ordering to be told of every one", TimeSpan.FromSeconds(60));
        (await ToldAsync(database)).ShouldAllBe(times => times == 1);
        await using var catalog = database.Open<CatalogDbContext>();
        (await catalog.Stock.SingleAsync(s => s.Sku == sku)).Available.ShouldBe(available);
    }

    /// <summary>Pieces that were set aside for orders, and should not be any more; returns how many pieces were available before.</summary>
    private static async Task<int> ReserveAsync(TestDatabase database, string sku)
    {
        await using var catalog = database.Open<CatalogDbContext>();
        var stock = await catalog.Stock.SingleAsync(s => s.Sku == sku);
        var lapsed = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        stock.Adjust(Reservations, "For this test", "for-this-test", lapsed).Error.ShouldBeNull();
        var available = stock.Available;
        for (var i = 0; i < Reservations; i++)
        {
            catalog.Add(Reservation.Make(new ReserveStock(Guid.CreateVersion7(), [new StockLine(sku, 1)], lapsed), new Dictionary<string, StockItem>(StringComparer.Ordinal) { [sku] = stock }));
        }

        await catalog.SaveChangesAsync();
        return available;
    }

    private static async Task<int> HeldAsync(TestDatabase database)
    {
        await using var catalog = database.Open<CatalogDbContext>();
        return await catalog.Reservations.CountAsync(r => r.Status == ReservationStatus.Held);
    }

    /// <summary>Of each order that Ordering was told of, how often it was.</summary>
    private static async Task<List<int>> ToldAsync(TestDatabase database)
    {
        await using var ordering = database.Open<OrderingDbContext>();
        return await ordering.Set<HistoryEntry>().Where(h => h.Kind == HistoryKind.StockExpired).GroupBy(h => h.OrderId).Select(g => g.Count()).ToListAsync();
    }
}
