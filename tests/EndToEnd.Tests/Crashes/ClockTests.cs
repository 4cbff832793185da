using ModularShop.Modularity.Data;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Crashes;

/// <summary>Somebody sets the clock of the machine while customers check out.</summary>
public sealed class ClockTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [ShiftedClockFact]
    public async Task A_clock_that_jumps_an_hour_forward_and_back_leaves_every_order_in_order()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        using var clock = new ShiftedClock();
        await using var fleet = await Fleet.StartAsync(database, hosts: 1, clock);
        var books = new Books(database);
        var skus = await books.WellStockedAsync(8);

        using var before = await Rush.ComeAsync(fleet.Addresses, skus, customers: 30);
        var first = (await before.PrepareAsync())();
        await before.AnsweredAsync(10);
        var atForward = (await books.PlacedAsync()).Count;
        // What a checkout waits for is overdue now, and given up: undone, not lost.
        clock.Shift(Hour);
        await first;
        await NoneIsUnderWayAsync();

        using var ahead = await Rush.ComeAsync(fleet.Addresses, skus, customers: 30);
        var second = (await ahead.PrepareAsync())();
        await ahead.AnsweredAsync(10);
        var atBack = (await books.PlacedAsync()).Count;
        clock.Shift(TimeSpan.Zero);
        await second;
        // Messages and calls that bear times of the hour that is yet to come do not wait for it.
        await NoneIsUnderWayAsync();

        // Parcels that were booked in that hour are delivered in it.
        clock.Shift(2 * Hour);
        output.WriteLine($"{atForward} checkouts under way at the jump forward, {atBack} at the jump back");
        (atForward > 0 && atBack > 0).ShouldBeTrue();
        await books.ReconcileAsync(before, fleet.Provider, mayBeRejected: true);
        await books.ReconcileAsync(ahead, fleet.Provider, mayBeRejected: true);

        Task NoneIsUnderWayAsync() => Eventually.TrueAsync(async () => await books.PlacedAsync() is [], "every order to be confirmed or rejected", TimeSpan.FromMinutes(2));
    }
}
