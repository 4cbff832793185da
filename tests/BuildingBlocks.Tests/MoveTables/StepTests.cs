using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Every durable step of a move fails once right before it and once right after it: what follows goes on from there by itself.</summary>
public sealed class StepTests
{
    [Fact]
    public async Task Whichever_step_breaks_off_the_move_goes_on_by_itself_and_loses_nothing()
    {
        var reached = new HashSet<(MoveStep, bool)>();
        await using var warehouse = await Warehouse.OpenAsync();
        await using var writers = new Writers(warehouse, 3);
        await writers.WroteAsync(20);
        await warehouse.CreateAsync();
        warehouse.Coordinate((step, isDone) =>
        {
            lock (reached)
            {
                if (reached.Add((step, isDone)))
                {
                    throw new IOException($"{step} breaks off {(isDone ? "after" : "before")} its end.");
                }
            }
        });

        // A command that breaks off is answered with why, and given again, as an operator would.
        await warehouse.ComesToAsync(m => m.State.RunsForward() && m.Trouble is null, "the copy to end");
        await AgainAsync(warehouse, MoveCommandKind.VDiff, m => m.VDiff is { IsClean: true });
        await AgainAsync(warehouse, MoveCommandKind.SwitchReads, m => m.State is MoveState.ReadsSwitched);
        for (var cycle = 0; cycle < 4; cycle++)
        {
            await AgainAsync(warehouse, MoveCommandKind.SwitchWrites, m => m.State is MoveState.WritesSwitched);
            await writers.WroteAsync(10);
            await AgainAsync(warehouse, MoveCommandKind.Reverse, m => m.State is MoveState.ReadsSwitched);
            await writers.WroteAsync(10);
            await AgainAsync(warehouse, MoveCommandKind.VDiff, m => m.VDiff is { IsClean: true });
        }

        await AgainAsync(warehouse, MoveCommandKind.SwitchWrites, m => m.State is MoveState.WritesSwitched);
        await writers.StopAsync();
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        await writers.ShouldAllBeThereAsync(Owner.Service);
        await AgainAsync(warehouse, MoveCommandKind.VDiff, m => m.VDiff is { IsClean: true });
        await AgainAsync(warehouse, MoveCommandKind.Complete, m => m.State is MoveState.Completed);

        Enum.GetValues<MoveStep>().Where(s => s < MoveStep.CancelBegun).SelectMany(s => new[] { (s, false), (s, true) }).Except(reached).ShouldBeEmpty("steps that did not take place");
    }

    private static async Task AgainAsync(Warehouse warehouse, MoveCommandKind kind, Func<Move, bool> isDone)
    {
        for (var attempt = 1; ; attempt++)
        {
            var move = await warehouse.ComesToAsync(
                m => isDone(m) || (m.Trouble is null && m.State is not (MoveState.Fenced or MoveState.ReverseFenced or MoveState.Completing)), "the move to be settled");
            if (isDone(move))
            {
                return;
            }

            attempt.ShouldBeLessThan(100, $"{kind} does not come about");
            await warehouse.CatchUpAsync();
            await warehouse.AskAsync(kind);
        }
    }
}

/// <summary>Write to whichever side takes it, and know what they were told.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _writing;
    private readonly Dictionary<Guid, int> _acknowledged = [];
    private readonly Warehouse _warehouse;
    private int _writes;

    public Writers(Warehouse warehouse, int count) => (_warehouse, _writing) = (warehouse, [.. Enumerable.Range(0, count).Select(w => Task.Run(() => WriteAsync(w)))]);

    public async Task WroteAsync(int more)
    {
        var goal = Volatile.Read(ref _writes) + more;
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref _writes) >= goal), $"{more} more writes", TimeSpan.FromSeconds(60));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
    }

    /// <summary>Each row has exactly as many changes as its writer was told of.</summary>
    public async Task ShouldAllBeThereAsync(Owner side)
    {
        await using var context = _warehouse.Open(side);
        var found = await context.Bins.ToDictionaryAsync(b => b.Id, b => b.Size);
        _acknowledged.Where(a => found.GetValueOrDefault(a.Key, -1) != a.Value).Select(a => $"{a.Key}: {a.Value} acknowledged, {found.GetValueOrDefault(a.Key, -1)} there").ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        var random = new Random(writer);
        var mine = new List<Guid>();
        var side = Owner.Monolith;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_stop.IsCancellationRequested)
        {
            var isNew = mine.Count < 5 || random.Next(4) == 0;
            var id = isNew ? Guid.CreateVersion7() : mine[random.Next(mine.Count)];
            while (true)
            {
                try
                {
                    await using var context = _warehouse.Open(side);
                    if (isNew)
                    {
                        context.Add(new Bin { Id = id, Label = $"{id:N}", Size = 1 });
                        context.Add(new Tag { BinId = id, Name = "writer", Text = $"{writer}" });
                    }
                    else
                    {
                        (await context.Bins.SingleAsync(b => b.Id == id)).Size++;
                    }

                    await context.SaveChangesAsync();
                    break;
                }
                catch (Exception e) when (e.IsModuleMoved())
                {
                    // Refused: nothing happened. The other side, or this one again.
                    side = side is Owner.Monolith ? Owner.Service : Owner.Monolith;
                    await Task.Yield();
                }
                catch (Exception e) when (e.IsDatabaseUnavailable())
                {
                    // Busy: nothing happened either.
                }
            }

            if (isNew)
            {
                mine.Add(id);
            }

            lock (_acknowledged)
            {
                _acknowledged[id] = _acknowledged.GetValueOrDefault(id) + 1;
            }

            Interlocked.Increment(ref _writes);
            await pace.WaitForNextTickAsync();
        }
    }
}
