using ModularShop.MoveTables;
using Xunit.Abstractions;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Every durable step of a move breaks off once right before it and once right after it: what follows goes on from there by itself.</summary>
public sealed class StepTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Whichever_step_fails_the_move_goes_on_by_itself_and_loses_nothing()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        await using var warehouse = await Warehouse.OpenAsync();
        await using var writers = new Writers(warehouse, 3);
        await writers.WroteAsync(20);
        await WholeLife.GoThroughAsync(
            warehouse, writers, begin: async () =>
            {
                await warehouse.CreateAsync();
                warehouse.Coordinate(FailOnce);
            });
        ShouldBeAll(reached);

        void FailOnce(MoveStep step, bool isDone)
        {
            lock (reached)
            {
                if (reached.Add($"{step} {isDone}"))
                {
                    throw new IOException($"{step} breaks off {(isDone ? "after" : "before")} its end.");
                }
            }
        }
    }

    [OneEngineFact]
    public async Task Whichever_step_the_coordinating_process_is_killed_at_another_goes_on_and_loses_nothing()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        var steps = Path.Combine(warehouse.Folder, "steps");
        await File.WriteAllTextAsync(steps, "");
        await using var writers = new Writers(warehouse, 3);
        await writers.WroteAsync(20);
        await using (var fallen = new FallenCoordinators(warehouse, (WarehouseHost.DieAtNewSteps, steps)))
        {
            await WholeLife.GoThroughAsync(warehouse, writers, warehouse.CreateAsync);
            output.WriteLine($"{fallen.Count} processes were killed");
        }

        ShouldBeAll(await File.ReadAllLinesAsync(steps));
    }

    private static void ShouldBeAll(IEnumerable<string> reached) =>
        Enum.GetValues<MoveStep>().SelectMany(s => new[] { $"{s} {false}", $"{s} {true}" }).Except(reached, StringComparer.Ordinal)
            .ShouldBeEmpty("steps that did not take place");

    /// <summary>A process coordinates and others stand by; those that fall are replaced.</summary>
    private sealed class FallenCoordinators : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Task> _running;
        private int _count;

        public FallenCoordinators(Warehouse warehouse, params (string Key, string Value)[] settings) =>
            _running = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => RunAsync(warehouse, settings)))];

        public int Count => _count;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_running);
            _stop.Dispose();
        }

        private async Task RunAsync(Warehouse warehouse, (string Key, string Value)[] settings)
        {
            while (!_stop.IsCancellationRequested)
            {
                await using var process = new CoordinatorProcess(warehouse, settings);
                try
                {
                    await process.DeathAsync(_stop.Token);
                    Interlocked.Increment(ref _count);
                    // So that the next one need not wait for the lease to end.
                    await warehouse.ForgetCoordinatorAsync();
                }
                catch (OperationCanceledException)
                {
                    // The test has seen enough.
                }
            }
        }
    }
}
