using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>What a comparison finds, however the engines sort, and wherever it is broken off.</summary>
public sealed class VDiffTests
{
    private const int Bins = 6_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_difference_is_found_whether_the_engines_sort_alike_or_not(bool sortsAlike)
    {
        await using var warehouse = await CopiedAsync(Bins);
        var ids = await IdsAsync(warehouse);
        var (bins, tags) = (warehouse.Table(Owner.Service, "bins"), warehouse.Table(Owner.Service, "tags"));
        foreach (var id in new[] { ids[0], ids[5500], ids[^1] })
        {
            await warehouse.TrespassAsync(Owner.Service, $"UPDATE {bins} SET \"Size\" = 99 WHERE \"Id\" = @id", ("@id", id));
        }

        foreach (var id in new[] { ids[4999], ids[5000] })
        {
            await warehouse.TrespassAsync(Owner.Service, $"DELETE FROM {tags} WHERE \"BinId\" = @id", ("@id", id));
            await warehouse.TrespassAsync(Owner.Service, $"DELETE FROM {bins} WHERE \"Id\" = @id", ("@id", id));
        }

        foreach (var id in new[] { Guid.Empty, Guid.AllBitsSet, Guid.CreateVersion7() })
        {
            await warehouse.TrespassAsync(
                Owner.Service,
                $"INSERT INTO {bins} (\"Id\", \"Label\", \"Size\", \"IsCold\", \"Weight\", \"MadeAt\", \"Price_Amount\", \"Price_Currency\") SELECT @id, @label, \"Size\", \"IsCold\", \"Weight\", \"MadeAt\", \"Price_Amount\", \"Price_Currency\" FROM {bins} WHERE \"Id\" = @other",
                ("@id", id), ("@label", $"{id}"), ("@other", ids[1]));
        }

        var found = await CompareAsync(warehouse, "bins", sortsAlike);
        (found.Rows, found.Differing, found.Missing, found.Extra).ShouldBe((Bins, 3, 2, 3));
        var extra = found.Samples.Single(s => s.Kind == VDiffSample.Extra && s.Key == $"{Guid.AllBitsSet}");
        extra.Values.ShouldContain(new VDiffValue("Label", null, $"{Guid.AllBitsSet}"));
        var missing = found.Samples.Single(s => s.Kind == VDiffSample.Missing && s.Key == $"{ids[4999]}");
        missing.Values.ShouldContain(new VDiffValue("Id", $"{ids[4999]}", null));
        missing.Values.Count.ShouldBe(extra.Values.Count, "of what only one side has, every column is told");
        found = await CompareAsync(warehouse, "tags", sortsAlike);
        (found.Rows, found.Differing, found.Missing, found.Extra).ShouldBe((Bins, 0, 2, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task However_much_only_one_side_has_all_of_it_is_counted(bool sortsAlike)
    {
        await using var warehouse = await CopiedAsync(Bins);
        await warehouse.TrespassAsync(Owner.Monolith, $"DELETE FROM {warehouse.Table(Owner.Monolith, "tags")}");
        var found = await CompareAsync(warehouse, "tags", sortsAlike);
        (found.Rows, found.Differing, found.Missing, found.Extra, found.Samples.Count).ShouldBe((0, 0, 0, Bins, 10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_comparison_goes_on_behind_the_last_row_that_was_settled(bool sortsAlike)
    {
        await using var warehouse = await CopiedAsync(Bins);
        var side = warehouse.Pair.Host;
        await using var connection = await side.OpenAsync(default);
        var table = warehouse.Pair.Tables["bins"];
        var first = await side.Engine.ReadChunkAsync(connection, side.Schema, table, null, 5000, default);
        foreach (var key in new[] { table.KeyOf(first[10]), table.KeyOf(first[^1]) })
        {
            await warehouse.TrespassAsync(Owner.Service, $"UPDATE {warehouse.Table(Owner.Service, "bins")} SET \"Size\" = 99 WHERE \"Id\" = @id", ("@id", key.Values[0]));
        }

        var found = await CompareAsync(
            warehouse, "bins", sortsAlike, Begin with { Table = new VDiffTable("bins", 4999, 1, 0, 0, []), After = table.KeyOf(first[^2]).ToTexts() });
        (found.Rows, found.Differing, found.Missing, found.Extra).ShouldBe((Bins, 2, 0, 0));
    }

    [Fact]
    public async Task A_row_that_others_write_all_the_time_is_looked_at_until_it_is_seen_to_be_equal()
    {
        await using var warehouse = await CopiedAsync(10);
        var (hot, looks) = ((await IdsAsync(warehouse))[3], 0);
        await SetSizeAsync(warehouse, Owner.Monolith, hot, 1000);
        var found = await CompareAsync(
            warehouse, "bins", sortsAlike: true, clock: new SteppedClock(), passed: async () =>
            {
                looks++;
                await SetSizeAsync(warehouse, Owner.Service, hot, looks);
                await SetSizeAsync(warehouse, Owner.Monolith, hot, looks < 100 ? 1000 + looks : looks);
            });
        (found.Differing, looks).ShouldBe((0, 100));
    }

    [Fact]
    public async Task A_row_that_is_never_seen_to_be_equal_differs()
    {
        await using var warehouse = await CopiedAsync(10);
        var (hot, looks, clock) = ((await IdsAsync(warehouse))[3], 0, new SteppedClock());
        await SetSizeAsync(warehouse, Owner.Monolith, hot, 1000);
        var found = await CompareAsync(
            warehouse, "bins", sortsAlike: true, clock: clock, passed: async () =>
            {
                looks++;
                clock.Step(TimeSpan.FromMilliseconds(500));
                await SetSizeAsync(warehouse, Owner.Monolith, hot, 1000 + looks);
            });
        (found.Differing, looks).ShouldBe((1, 61));
    }

    [Fact]
    public async Task The_next_coordinator_goes_on_with_the_comparison_of_one_that_died()
    {
        await using var warehouse = await CopiedAsync(400);
        await SlowDownAsync(warehouse, 400);
        await warehouse.TellAsync(MoveCommandKind.VDiff);
        var dying = warehouse.Coordinate();
        var begun = (await warehouse.ComesToAsync(m => m.Comparing is { Tables.Count: > 0 }, "the first table to be compared")).Comparing!;
        await dying.DisposeAsync();
        (await warehouse.MoveAsync()).VDiff.ShouldBeNull("the second is not, yet");

        await SlowDownAsync(warehouse, null);
        await warehouse.ForgetCoordinatorAsync();
        warehouse.Coordinate();
        var move = await warehouse.ComesToAsync(MoveState.Verified);
        move.Comparing.ShouldBeNull();
        (move.VDiff!.StartedAt, move.VDiff.Rows, move.VDiff.IsClean).ShouldBe((begun.StartedAt, 800, true));
        (await warehouse.VerifyAsync()).StartedAt.ShouldBeGreaterThan(begun.StartedAt, "asked again, it begins anew");
    }

    private static VDiffCheckpoint Begin => new("test", TimeProvider.System.GetUtcNow(), IsBack: false, "", []);

    /// <summary>All rows are copied, and nobody carries anything over any more.</summary>
    private static async Task<Warehouse> CopiedAsync(int bins)
    {
        var warehouse = await Warehouse.OpenAsync();
        await using (var source = warehouse.OpenSource())
        {
            foreach (var i in Enumerable.Range(0, bins))
            {
                var bin = new Bin { Id = Guid.CreateVersion7(), Label = $"bin-{i}" };
                source.AddRange(bin, new Tag { BinId = bin.Id, Name = "colour" });
            }

            await source.SaveChangesAsync();
        }

        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.ComesToAsync(MoveState.Running);
            await warehouse.CatchUpAsync();
        }

        await warehouse.ForgetCoordinatorAsync();
        return warehouse;
    }

    /// <summary>In the order of the host's database.</summary>
    private static async Task<List<object>> IdsAsync(Warehouse warehouse)
    {
        var side = warehouse.Pair.Host;
        await using var connection = await side.OpenAsync(default);
        return [.. (await side.Engine.ReadKeyChunkAsync(connection, side.Schema, warehouse.Pair.Tables["bins"], null, Bins, default)).Select(k => k.Values[0])];
    }

    private static async Task SlowDownAsync(Warehouse warehouse, long? rowsPerSecond)
    {
        await using var connection = await warehouse.Pair.Host.OpenAsync(default);
        await warehouse.Store.ThrottleAsync(connection, warehouse.Id, rowsPerSecond, default);
    }

    private static Task SetSizeAsync(Warehouse warehouse, Owner side, object id, int size) =>
        warehouse.TrespassAsync(side, $"UPDATE {warehouse.Table(side, "bins")} SET \"Size\" = @size WHERE \"Id\" = @id", ("@size", size), ("@id", id));

    /// <param name="passed">Is done while a look waits for the stream.</param>
    private static async Task<VDiffTable> CompareAsync(
        Warehouse warehouse, string name, bool sortsAlike, VDiffCheckpoint? begin = null, Func<Task>? passed = null, TimeProvider? clock = null)
    {
        var (host, service) = (warehouse.Pair.Host, warehouse.Pair.Service);
        await using var written = await host.OpenAsync(default);
        await using var following = await service.OpenAsync(default);
        var surroundings = new VDiffSurroundings((_, _) => passed?.Invoke() ?? Task.CompletedTask, (_, _, _, _) => Task.CompletedTask, _ => { });
        return await new TableVDiff(warehouse.Pair.Tables[name], (host, written), (service, following), sortsAlike, surroundings, clock ?? TimeProvider.System).RunAsync(begin ?? Begin, default);
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
