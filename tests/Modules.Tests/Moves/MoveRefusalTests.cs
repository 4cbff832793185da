using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ModularShop.Catalog;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;
using ModularShop.MoveTables;
using Npgsql;

namespace Modules.Tests.Moves;

/// <summary>A move that cannot work is refused before anything is made, and says why and what to do.</summary>
public sealed class MoveRefusalTests
{
    private static readonly LoadedModule Catalog = new(new CatalogModule(), typeof(CatalogDbContext));

    [Fact]
    public async Task A_module_that_is_not_there_is_refused_with_those_that_are()
    {
        await using var catalog = await OpenAsync();
        var refused = await catalog.Moves.CreateAsync("attic", "test", default);
        refused.Error!.Detail.ShouldBe("There is no module 'attic' here; there are Catalog.");
    }

    [Fact]
    public async Task A_module_that_is_not_being_moved_says_how_it_would_be()
    {
        await using var catalog = await OpenAsync();
        var refused = await catalog.Moves.ShowAsync("catalog", default);
        refused.Error!.Detail.ShouldBe("Catalog is not being moved. './shop move create catalog' begins.");
    }

    [Fact]
    public async Task The_host_s_own_database_is_refused()
    {
        var source = await TestDatabase.MigratedAsync();
        await using var itself = new MovableModule(Catalog, source, await TestDatabase.MigratedAsync(), [.. TargetOf(source)]);
        await itself.MakeTablesAsync();
        await ShouldBeRefusedAsync(itself, "names the host's own database", "Name that of the service");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_refused()
    {
        var target = await TestDatabase.CreateAsync();
        await using var catalog = await OpenAsync(target, target.Options.Provider is DatabaseProvider.Sqlite
            ? ("MoveTables:Targets:Catalog:DataFolder", Path.Combine(target.Folder, "nowhere"))
            : ("MoveTables:Targets:Catalog:ConnectionString", Nowhere(target)));
        await ShouldBeRefusedAsync(catalog, [catalog.Pair.Host], "nowhere", "Start the service");
    }

    [Fact]
    public async Task Tables_that_somebody_holds_are_refused_with_who_does()
    {
        await using var catalog = await OpenAsync();
        await using (var context = catalog.Source.Open<CatalogDbContext>())
        {
            var writer = context.Database.GetDbConnection();
            await writer.OpenAsync();
            await using var transaction = await writer.BeginTransactionAsync();
            // The server would end one of the shop's own that idles; this one is somebody else's.
            var others = TestDatabase.Engine is DatabaseProvider.PostgreSql ? "SET LOCAL idle_in_transaction_session_timeout = 0; " : "";
            await writer.ExecuteAsync(transaction, $"{others}UPDATE {catalog.Pair.Host.Table("products")} SET \"Name\" = \"Name\"", default);
            await ShouldBeRefusedAsync(catalog, "in the host's database is held by", "Try again when it has ended");
        }

        (await catalog.Moves.CreateAsync("catalog", "test", default)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_database_that_has_rows_already_is_refused()
    {
        await using var catalog = await OpenAsync();
        await using (var target = catalog.Target.Open<CatalogDbContext>())
        {
            target.Add(Category.Create("Knives", parent: null).Value);
            await target.SaveChangesAsync();
        }

        await ShouldBeRefusedAsync(catalog, "has rows", "name an empty database");
    }

    [Fact]
    public async Task A_database_that_was_part_of_a_move_before_is_refused()
    {
        await using var catalog = await OpenAsync();
        await RecordOwnerAsync(catalog.Pair.Service, new Ownership(Owner.Service, 3));
        await ShouldBeRefusedAsync(catalog, "Service owns Catalog in epoch 3", "Name a new database");
    }

    [Theory]
    [InlineData(Owner.Service, false, "./shop owner set Catalog Monolith")]
    [InlineData(Owner.Monolith, true, "is being changed")]
    public async Task Data_that_the_host_does_not_write_is_refused(Owner owner, bool isFenced, string wayOut)
    {
        await using var catalog = await OpenAsync();
        await RecordOwnerAsync(catalog.Pair.Host, new Ownership(owner, 2, isFenced));
        await ShouldBeRefusedAsync(catalog, "Catalog", wayOut);
    }

    [Fact]
    public async Task A_database_of_an_older_version_is_refused()
    {
        await using var catalog = await OpenAsync();
        await using (var target = catalog.Target.Open<CatalogDbContext>())
        {
            await target.Database.ExecuteSqlRawAsync(History(target).GetDeleteScript(target.Database.GetMigrations().Last()));
        }

        await ShouldBeRefusedAsync(catalog, "it is older than this program", "--migrate");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using var catalog = await OpenAsync();
        await using (var target = catalog.Target.Open<CatalogDbContext>())
        {
            await target.Database.ExecuteSqlRawAsync(History(target).GetInsertScript(new HistoryRow("29990101000000_OfTheFuture", "99.0")));
        }

        await ShouldBeRefusedAsync(catalog, "29990101000000_OfTheFuture", "the service is newer than the host");
    }

    [Fact]
    public async Task A_column_that_the_program_does_not_know_is_not_left_behind()
    {
        await using var catalog = await OpenAsync();
        await ChangeAsync(catalog.Source, $"ALTER TABLE {catalog.Pair.Host.Table("products")} ADD by_hand int NULL");
        await ShouldBeRefusedAsync(catalog, "products.by_hand in the host's database", "would be left behind", "with a migration, or drop it");
    }

    [Fact]
    public async Task A_column_that_was_renamed_is_named()
    {
        await using var catalog = await OpenAsync();
        var products = catalog.Pair.Service.Table("products");
        await ChangeAsync(catalog.Target, TestDatabase.Engine is DatabaseProvider.SqlServer
            ? "EXEC sp_rename 'catalog.products.Name', 'Title', 'COLUMN'"
            : $"ALTER TABLE {products} RENAME COLUMN \"Name\" TO \"Title\"");
        await ShouldBeRefusedAsync(catalog, "products.Name is not in the service's database", "renamed by hand");
    }

    [Fact]
    public async Task A_column_over_there_may_take_null_or_is_named()
    {
        await using var catalog = await OpenAsync();
        var products = catalog.Pair.Service.Table("products");
        await ChangeAsync(catalog.Target, $"ALTER TABLE {products} ADD needed int NOT NULL DEFAULT 1");
        await ShouldBeRefusedAsync(catalog, "products.needed in the service's database", "takes no NULL");
        await using var other = await OpenAsync();
        await ChangeAsync(other.Target, $"ALTER TABLE {products} ADD note int NULL");
        var created = await other.Moves.CreateAsync("catalog", "test", default);
        created.Error.ShouldBeNull(created.Error?.Detail);
    }

    [PostgreSqlFact]
    public async Task A_column_over_there_that_was_made_narrower_is_named()
    {
        await using var catalog = await OpenAsync(await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql), ("MoveTables:Targets:Catalog:Provider", "PostgreSql"));
        await ChangeAsync(catalog.Target, "ALTER TABLE catalog.products ALTER COLUMN \"Name\" TYPE varchar(10)");
        await ShouldBeRefusedAsync(catalog, "products.Name in the service's database takes less than the", "made narrower by hand");
    }

    [Fact]
    public async Task A_database_that_another_move_goes_to_is_refused()
    {
        await using var catalog = await OpenAsync();
        await using (var connection = await catalog.Pair.Service.OpenAsync(default))
        {
            await catalog.Pair.Service.AdmitCoordinatorAsync(connection, 7, default);
            (await catalog.Pair.Service.ClaimAsync(connection, 7, Guid.CreateVersion7(), default)).ShouldBeTrue();
            await ShouldBeRefusedAsync(catalog, "is being moved to by another host's move", "cancel that move");
            await connection.ExecuteAsync(null, $"UPDATE {catalog.Pair.Service.Table(Engine.Coordinator)} SET \"Workflow\" = NULL", default);
        }

        // One that has ended leaves its epoch: those of this move are later.
        (await catalog.Moves.CreateAsync("catalog", "test", default)).Error.ShouldBeNull();
        await using var host = await catalog.Pair.Host.OpenAsync(default);
        (await catalog.Store.LastAsync(host, default))!.Epoch.ShouldBe(7);
    }

    [PostgreSqlFact]
    public async Task A_role_that_may_not_make_triggers_is_refused()
    {
        var server = await PostgreSqlServer.SharedAsync();
        var target = await TestDatabase.OnAsync(server);
        var role = await server.CreateRoleAsync(target.ConnectionString!);
        await using var catalog = await OpenAsync(target, ("MoveTables:Targets:Catalog:ConnectionString", role));
        await using (var owner = target.Open<CatalogDbContext>())
        {
            var name = new NpgsqlConnectionStringBuilder(role).Username;
            var grant = $"GRANT USAGE ON SCHEMA catalog TO {name}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA catalog TO {name}";
            await owner.Database.ExecuteSqlRawAsync(grant);
        }

        await ShouldBeRefusedAsync(catalog, "The role lacks a right", "MigrationConnectionString");
    }

    [Fact]
    public async Task Of_operators_who_begin_at_once_one_does_and_the_others_are_told()
    {
        await using var catalog = await OpenAsync();
        var created = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => catalog.Moves.CreateAsync("catalog", $"operator {n}", default))));
        created.Count(c => c.Error is null).ShouldBe(1, string.Join('\n', created.Select(c => c.Error?.Detail)));
        created.Where(c => c.Error is not null).ShouldAllBe(c => c.Error!.Detail.Contains("being moved", StringComparison.Ordinal) || c.Error!.Detail.Contains("this moment", StringComparison.Ordinal));
    }

    private static async Task<MovableModule> OpenAsync(TestDatabase? target = null, params (string Key, string Value)[] settings)
    {
        var catalog = new MovableModule(Catalog, await TestDatabase.MigratedAsync(), target ?? await TestDatabase.MigratedAsync(), settings);
        await catalog.MakeTablesAsync();
        return catalog;
    }

    /// <summary>On the same server.</summary>
    private static string Nowhere(TestDatabase database) => database.Options.Provider is DatabaseProvider.SqlServer
        ? new SqlConnectionStringBuilder(database.ConnectionString) { InitialCatalog = "nowhere" }.ToString()
        : new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nowhere" }.ToString();

    private static IEnumerable<(string Key, string Value)> TargetOf(TestDatabase database) =>
        database.Settings.Where(s => s.Key.StartsWith("Database:", StringComparison.Ordinal)).Select(s => ($"MoveTables:Targets:Catalog:{s.Key["Database:".Length..]}", s.Value));

    private static async Task RecordOwnerAsync(MoveSide side, Ownership owner)
    {
        await using var connection = await side.OpenAsync(default);
        await side.AdmitCoordinatorAsync(connection, 1, default);
        await using var transaction = await side.BeginAsync(connection, 1, default);
        await transaction.RecordOwnerAsync(new Ownership(Owner.Monolith, 1), owner, "test", "of before", default);
        await transaction.CommitAsync(default);
    }

    private static async Task ChangeAsync(TestDatabase database, string sql)
    {
        await using var context = database.Open<CatalogDbContext>();
        await context.Database.ExecuteSqlRawAsync(sql);
    }

    private static IHistoryRepository History(DbContext context) => context.GetService<IHistoryRepository>();

    private static Task ShouldBeRefusedAsync(MovableModule catalog, params string[] words) => ShouldBeRefusedAsync(catalog, [catalog.Pair.Host, catalog.Pair.Service], words);

    /// <param name="unchanged">The databases that are there to be looked at.</param>
    private static async Task ShouldBeRefusedAsync(MovableModule catalog, MoveSide[] unchanged, params string[] words)
    {
        var refused = await catalog.Moves.CreateAsync("catalog", "test", default);
        var text = refused.Error!.Detail;
        words.ShouldAllBe(word => text.Contains(word, StringComparison.Ordinal), text);
        await using var connection = await catalog.Pair.Host.OpenAsync(default);
        (await catalog.Store.LastAsync(connection, default)).ShouldBeNull();
        foreach (var side in unchanged)
        {
            await using var there = await side.OpenAsync(default);
            (await side.Engine.TriggersAsync(there, null, "catalog", default)).ShouldBeEmpty();
            (await side.Engine.HasTableAsync(there, null, "catalog", Engine.ChangeLog, default)).ShouldBeFalse();
        }
    }
}
