using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Contracts;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Data;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using Npgsql;

namespace EndToEnd.Tests.Crashes;

/// <summary>A host is killed in the middle of a recurring job.</summary>
public sealed class JobTests
{
    private const int Reservations = 400;

    /// <summary>So many expire before the kill.</summary>
    private const int Before = 150;

    [PostgreSqlFact]
    public async Task A_job_that_a_kill_cut_short_runs_again_on_the_other_host_and_does_nothing_twice()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.PostgreSql);
        await using var fleet = await Fleet.StartAsync(database, hosts: 2, ("Catalog:Jobs:ExpireReservations", "00:00:00.500"));
        var books = new Books(database);
        var sku = (await books.WellStockedAsync(1))[0];
        Guid[] orders = [.. Enumerable.Range(0, Reservations).Select(_ => Guid.CreateVersion7())];
        int available, holder;
        await using (await HoldAsync(database, orders[Before]))
        {
            available = await ReserveAsync(database, sku, orders);
            await Eventually.TrueAsync(async () => await HeldAsync(database) == Reservations - Before, "the job to come as far as it can");
            holder = (await books.HoldersAsync())[0] == fleet[0].Id ? 0 : 1;
            await fleet.KillAsync(holder);
        }

        await Eventually.TrueAsync(async () => await HeldAsync(database) == 0, "the job to run on the other host");
        await fleet.RestartAsync(holder);

        await Eventually.TrueAsync(async () => (await ToldAsync(database)).Count >= Reservations, "Ordering to be told of every one");
        (await ToldAsync(database)).ShouldAllBe(times => times == 1);
        await using var catalog = database.Open<CatalogDbContext>();
        (await catalog.Stock.SingleAsync(s => s.Sku == sku)).Available.ShouldBe(available);
    }

    /// <summary>Nobody changes the reservation until the returned connection is closed.</summary>
    private static async Task<NpgsqlConnection> HoldAsync(TestDatabase database, Guid reservation)
    {
        var holding = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ToString());
        await holding.OpenAsync();
        await using var hold = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_lock(400);
            CREATE FUNCTION catalog.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(400); RETURN NEW; END $$;
            CREATE TRIGGER hold BEFORE UPDATE ON catalog.reservations FOR EACH ROW WHEN (NEW."Id" = '{reservation}') EXECUTE FUNCTION catalog.hold();
            """,
            holding);
        await hold.ExecuteNonQueryAsync();
        return holding;
    }

    /// <summary>Pieces that were set aside for orders, and should not be any more, in this order; returns how many pieces were available before.</summary>
    private static async Task<int> ReserveAsync(TestDatabase database, string sku, IReadOnlyList<Guid> orders)
    {
        await using var catalog = database.Open<CatalogDbContext>();
        var stock = await catalog.Stock.SingleAsync(s => s.Sku == sku);
        var lapsed = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        stock.Adjust(orders.Count, "For this test", "for-this-test", lapsed).Error.ShouldBeNull();
        var available = stock.Available;
        for (var i = 0; i < orders.Count; i++)
        {
            var reserve = new ReserveStock(orders[i], [new StockLine(sku, 1)], lapsed.AddMilliseconds(i));
            catalog.Add(Reservation.Make(reserve, new Dictionary<string, StockItem>(StringComparer.Ordinal) { [sku] = stock }));
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
