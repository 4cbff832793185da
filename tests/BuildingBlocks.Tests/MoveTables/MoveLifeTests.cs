using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

public sealed class MoveLifeTests
{
    private const string Unusual = "ünïcode \U0001F4E6 'quoted'";

    [Fact]
    public async Task Tables_are_moved_and_brought_back_and_moved_again_and_every_row_arrives()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await FillAsync(warehouse);
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        warehouse.ReadsGoTo.ShouldBe(Owner.Service);
        await warehouse.ShouldBeEqualAsync();

        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        (await warehouse.OwnerAsync(Owner.Monolith)).ShouldBe(new Ownership(Owner.Service, 3));
        (await warehouse.OwnerAsync(Owner.Service)).ShouldBe(new Ownership(Owner.Service, 3));
        await warehouse.AddAsync(Owner.Service, "written-at-the-service");
        (await Should.ThrowAsync<DbUpdateException>(() => warehouse.AddAsync(Owner.Monolith, "too-late"))).IsModuleMoved().ShouldBeTrue();
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();

        await warehouse.DoAsync(MoveCommandKind.Reverse);
        await warehouse.AddAsync(Owner.Monolith, "written-at-the-host");
        (await Should.ThrowAsync<DbUpdateException>(() => warehouse.AddAsync(Owner.Service, "too-late"))).IsModuleMoved().ShouldBeTrue();
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();

        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        (await warehouse.VerifyAsync()).Rows.ShouldBe(1502);
        await warehouse.CatchUpAsync();
        await warehouse.DoAsync(MoveCommandKind.Complete);
        await warehouse.ComesToAsync(m => m.Progress?.Doing.Contains("reads the host's tables", StringComparison.Ordinal) == true, "the wait for the last reads to be named");
        await warehouse.ComesToAsync(MoveState.Completed);
        await warehouse.AddAsync(Owner.Service, "on-its-own");
        (await RetiredAsync(warehouse)).ShouldBe(3);
        await using (var connection = await warehouse.Pair.Host.OpenAsync(default))
        {
            await Ending.DropRetiredAsync(warehouse.Pair, connection, default);
        }

        (await RetiredAsync(warehouse)).ShouldBe(0);
        await using var host = warehouse.OpenSource();
        (await Should.ThrowAsync<Exception>(() => host.Bins.CountAsync())).ShouldBeAssignableTo<System.Data.Common.DbException>();
    }

    [PostgreSqlFact]
    public async Task Between_two_engines_that_call_a_column_differently_every_value_arrives_and_comes_back()
    {
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(DatabaseProvider.Sqlite), await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql));
        await FillAsync(warehouse);
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.MakeReadyAsync();
        await warehouse.ShouldBeEqualAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        await warehouse.ExecuteAsync(Owner.Service, $"UPDATE {warehouse.Table(Owner.Service, "bins")} SET \"Note\" = 'of the service' WHERE \"Size\" < 100");
        await warehouse.CatchUpAsync();
        (await warehouse.VerifyAsync()).IsClean.ShouldBeTrue();
        await warehouse.DoAsync(MoveCommandKind.Reverse);
        await warehouse.ExecuteAsync(Owner.Monolith, "UPDATE bins SET \"Remark\" = 'of the host' WHERE \"Size\" < 50");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        await using var there = warehouse.OpenTarget();
        (await there.Bins.GroupBy(b => b.Note).Select(g => new { g.Key, Count = g.Count() }).ToListAsync()).OrderBy(g => g.Count).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count))
            .ShouldBe([("of the host", 50), ("of the service", 50), (null, 133), (Unusual, 267)]);
    }

    [Fact]
    public async Task A_cancelled_move_leaves_nothing_behind_and_can_begin_again()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await warehouse.AddAsync(Owner.Monolith, "stays");
        await warehouse.CreateAsync();
        await using (warehouse.Coordinate())
        {
            await warehouse.MakeReadyAsync();
            await warehouse.DoAsync(MoveCommandKind.Cancel);
            var ending = await warehouse.ComesToAsync(m => m.Progress?.Doing.Contains("reads the service's tables", StringComparison.Ordinal) == true, "the wait for the last reads to be named");
            ViewOf(ending).Next.ShouldBeEmpty();
            ViewOf(ending with { ChangedAt = ending.Progress!.At.AddSeconds(1) }).WaitsFor.ShouldBe("waiting for the coordinator to go on from here");
            await warehouse.ComesToAsync(MoveState.Cancelled);
        }

        warehouse.ReadsGoTo.ShouldBe(Owner.Monolith);
        await warehouse.ShouldBeWithoutATraceAsync();
        await warehouse.AddAsync(Owner.Monolith, "after");
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.ShouldBeEqualAsync();
    }

    [Fact]
    public async Task A_comparison_counts_every_row_that_differs_however_many()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await using (var source = warehouse.OpenSource())
        {
            source.AddRange(Enumerable.Range(0, 6000).Select(i => new Bin { Id = Guid.CreateVersion7(), Label = $"bin-{i}" }));
            await source.SaveChangesAsync();
        }

        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.TrespassAsync(Owner.Service, $"DELETE FROM {warehouse.Table(Owner.Service, "bins")}");
        var bins = (await warehouse.VerifyAsync()).Tables.Single(t => t.Table == "bins");
        (bins.Rows, bins.Missing, bins.Differing, bins.Extra, bins.Samples.Count).ShouldBe((6000, 6000, 0, 0, 10));
    }

    private static async Task FillAsync(Warehouse warehouse)
    {
        await using var source = warehouse.OpenSource();
        for (var i = 0; i < 500; i++)
        {
            var bin = new Bin
            {
                Id = Guid.CreateVersion7(), Label = $"bin-{i}", Size = i, IsCold = i % 2 == 0, Weight = long.MaxValue - i, Note = i % 3 == 0 ? null : Unusual,
                Seal = i % 5 == 0 ? [0, 1, 255] : null, Price = new Money(i * 100, "EUR"), MadeAt = DateTimeOffset.UnixEpoch.AddTicks(i * 10),
            };
            source.Add(bin);
            source.Add(new Item { Id = Guid.CreateVersion7(), BinId = bin.Id, Sku = $"sku-{i}", Count = i });
            source.Add(new Tag { BinId = bin.Id, Name = "colour", Text = "blue" });
        }

        await source.SaveChangesAsync();
    }

    private static async Task<int> RetiredAsync(Warehouse warehouse)
    {
        await using var connection = await warehouse.Pair.Host.OpenAsync(default);
        var found = 0;
        foreach (var table in warehouse.Pair.Tables.InOrder)
        {
            found += await warehouse.Pair.Host.Engine.HasTableAsync(connection, null, warehouse.Pair.Host.Schema, $"_retired_{table}", default) ? 1 : 0;
        }

        return found;
    }

    private static MoveView ViewOf(Move move) => MoveView.Of(move, new MoveTablesOptions(), TimeProvider.System.GetUtcNow());
}
