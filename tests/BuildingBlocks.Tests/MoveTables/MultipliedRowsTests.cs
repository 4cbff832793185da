using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>On the engines that rehearsals run on.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class MultipliedRowsTests
{
    [Fact]
    public Task On_sqlite_copies_have_keys_of_their_own_and_belong_together() => AreMultipliedAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_copies_have_keys_of_their_own_and_belong_together() => AreMultipliedAsync(DatabaseProvider.PostgreSql);

    private static async Task AreMultipliedAsync(DatabaseProvider engine)
    {
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(engine), await TestDatabase.CreateAsync(engine));
        await using var context = warehouse.OpenSource();
        // One of them ends as a copy's would.
        foreach (var (id, label) in new[] { (new Guid("019ad0c0-1111-7222-8333-444444000002"), "first"), (Guid.CreateVersion7(), "second") })
        {
            context.Add(new Bin { Id = id, Label = label });
            context.Add(new Tag { BinId = id, Name = "writer" });
        }

        await context.SaveChangesAsync();

        (await MultipliedRows.AddAsync(context, copies: 3, table => table is "bins" or "tags")).ShouldBe(12);

        var bins = await context.Bins.Select(b => b.Id).ToListAsync();
        bins.Count.ShouldBe(8);
        (await context.Tags.Select(t => t.BinId).ToListAsync()).ShouldBe(bins, ignoreOrder: true);
    }
}
