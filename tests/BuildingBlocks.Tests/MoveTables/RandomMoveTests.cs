using System.Collections.Concurrent;
using System.Globalization;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;
using Xunit.Abstractions;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>
/// Moves that go there and back at random, two processes to coordinate them, and faults at random: kill -9, SIGSTOP, cut
/// connections, long transactions. What is tried follows from the seed alone: <c>MODULARSHOP_TEST_SEED</c> replays it.
/// </summary>
public sealed class RandomMoveTests(ITestOutputHelper output)
{
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("MODULARSHOP_TEST_SEED") ?? "20261123", CultureInfo.InvariantCulture);

    /// <summary>Moves of one round.</summary>
    private static readonly int Moves = LongRun.IsOn ? 20 : 2;

    /// <summary>The first seed of each: a long run that is broken off has told how the rounds before went.</summary>
    public static TheoryData<int> Rounds => [.. Enumerable.Range(0, LongRun.IsOn ? 10 : 1).Select(round => Seed + (round * Moves))];

    [OneEngineTheory]
    [MemberData(nameof(Rounds))]
    public async Task Whatever_happens_to_the_coordinators_every_move_comes_to_its_end_and_nothing_is_lost(int seed)
    {
        var tried = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var next = -1;
        // Most of a move's time is waiting for who was killed or stopped.
        await Task.WhenAll(Enumerable.Range(0, LongRun.IsOn ? 4 : 1).Select(_ => Task.Run(async () =>
        {
            for (var move = Interlocked.Increment(ref next); move < Moves;)
            {
                await using var warehouse = await Warehouse.OpenAsync();
                await using var writers = new Writers(warehouse, 3);
                await writers.WroteAsync(20);
                MoveState end;
                do
                {
                    output.WriteLine($"move {move}, MODULARSHOP_TEST_SEED={seed + move}");
                    end = await MoveAsync(warehouse, writers, new Random(seed + move), tried);
                    move = Interlocked.Increment(ref next);
                }
                while (end is MoveState.Cancelled && move < Moves);
            }
        })));
        output.WriteLine($"{Moves} moves; {string.Join(", ", tried.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Value} × {t.Key}"))}");
    }

    private static async Task<MoveState> MoveAsync(Warehouse warehouse, Writers writers, Random random, ConcurrentDictionary<string, int> tried)
    {
        await warehouse.CreateAsync();
        // Drawn before anything happens: how it goes is chance, what is tried is not.
        var switches = random.Next(4);
        var isCompleted = random.Next(3) == 0;
        await using var faults = new Faults(warehouse, writers, random, count: 3 + random.Next(5));
        await warehouse.ComesToAsync(m => m.State.RunsForward() && m.Trouble is null, "the copy to end");
        await using (var watcher = new Watcher(warehouse))
        {
            await WholeLife.VerifyAsync(warehouse);
            await WholeLife.AgainAsync(warehouse, MoveCommandKind.SwitchReads, m => m.State is MoveState.ReadsSwitched);
            for (var i = 0; i < switches; i++)
            {
                await SwitchAsync(warehouse);
                await writers.WroteAsync(10);
                await WholeLife.AgainAsync(warehouse, MoveCommandKind.Reverse, m => m.State is MoveState.ReadsSwitched);
                await writers.WroteAsync(10);
            }

            if (isCompleted)
            {
                await SwitchAsync(warehouse);
                await writers.WroteAsync(10);
            }

            foreach (var (fault, count) in await faults.OverAsync())
            {
                tried.AddOrUpdate(fault, count, (_, sum) => sum + count);
            }

            if (isCompleted)
            {
                await writers.StopAsync();
            }

            await warehouse.ComesToAsync(m => m.Trouble is null && m.State is MoveState.ReadsSwitched or MoveState.WritesSwitched, "the move to be settled");
            watcher.Seen.ShouldBeEmpty();
        }

        await WholeLife.VerifyAsync(warehouse);
        if (isCompleted)
        {
            await warehouse.CatchUpAsync();
            await warehouse.ShouldBeEqualAsync();
            await WholeLife.AgainAsync(warehouse, MoveCommandKind.Complete, m => m.State is MoveState.Completed);
            await writers.ShouldAllBeThereAsync(Owner.Service);
            return MoveState.Completed;
        }

        await WholeLife.AgainAsync(warehouse, MoveCommandKind.Cancel, m => m.State is MoveState.Cancelled);
        await warehouse.ShouldBeWithoutATraceAsync();
        await writers.HoldAsync(() => writers.ShouldAllBeThereAsync(Owner.Monolith));
        return MoveState.Cancelled;
    }

    private static async Task SwitchAsync(Warehouse warehouse)
    {
        await WholeLife.VerifyAsync(warehouse);
        await WholeLife.AgainAsync(warehouse, MoveCommandKind.SwitchWrites, m => m.State is MoveState.WritesSwitched);
    }
}
