using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Tables that cannot be moved are named, with the reason and the way out.</summary>
public sealed class MovedTablesTests
{
    [Fact]
    public void Keys_that_are_missing_or_differ_from_engine_to_engine_are_named()
    {
        using var context = new SinfulDbContext(new DbContextOptionsBuilder<SinfulDbContext>().UseSqlite("Data Source=:memory:").Options);
        MovedTables.Of(context).Unsupported.ShouldBe(
            [
                "logs has no primary key: its rows cannot be told apart. Give it one.",
                "visits.At is part of the primary key and a DateTime, whose text differs from engine to engine. Use a Guid, a number or a string.",
                "shelves has an alternate key, which would be in the way of rows that are copied while they change. Make it a unique index.",
                "a_table_with_a_name_that_is_longer_than_triggers_allow has a name of more than 41 characters: those of its triggers would be cut off. Give it a shorter one.",
                "The primary key of a_table_with_a_name_that_is_longer_than_triggers_allow has 5 columns; at most 4 can be moved.",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void What_the_service_s_database_could_not_hold_is_named()
    {
        using var wide = new ShelfDbContext(new DbContextOptionsBuilder<ShelfDbContext>().UseSqlite("Data Source=:memory:").Options, isNarrow: false);
        using var narrow = new ShelfDbContext(new DbContextOptionsBuilder<ShelfDbContext>().UseNpgsql("Host=nowhere").Options, isNarrow: true);
        var source = MovedTables.Of(wide);
        source.Unsupported.ShouldBeEmpty();
        var target = MovedTables.Of(narrow, source);
        target.Unsupported.ShouldBe(["shelves.Code is a String of at most 40, and ShelfCode in the service's database a String of at most 20, which cannot hold all of it. Make them alike."]);
        target["shelves"].Columns.Select(c => c.Name).ShouldBe(["Id", "ShelfCode"], "in the order of the source's");
    }

    /// <summary>An engine's own names and lengths.</summary>
    private sealed class ShelfDbContext(DbContextOptions<ShelfDbContext> options, bool isNarrow) : ModuleDbContext(options)
    {
        public override string Schema => "shelves";

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            base.OnModelCreating(modelBuilder);
            var shelf = modelBuilder.Entity<Shelf>().ToTable("shelves");
            shelf.Property(s => s.Code).HasMaxLength(isNarrow ? 20 : 40).HasColumnName(isNarrow ? "ShelfCode" : "Code");
        }
    }

    private sealed class Log
    {
        public string Text { get; init; } = "";
    }

    private sealed class Visit
    {
        public DateTimeOffset At { get; init; }
    }

    private sealed class Shelf
    {
        public Guid Id { get; init; }

        public string Code { get; init; } = "";
    }

    private sealed class Wide
    {
        public int A { get; init; }

        public int B { get; init; }

        public int C { get; init; }

        public int D { get; init; }

        public int E { get; init; }
    }

    private sealed class SinfulDbContext(DbContextOptions<SinfulDbContext> options) : ModuleDbContext(options)
    {
        public override string Schema => "sinful";

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            base.OnModelCreating(modelBuilder);
            modelBuilder.Entity<Log>().ToTable("logs").HasNoKey();
            modelBuilder.Entity<Visit>().ToTable("visits").HasKey(v => v.At);
            modelBuilder.Entity<Shelf>().ToTable("shelves").HasAlternateKey(s => s.Code);
            modelBuilder.Entity<Shelf>().Property(s => s.Code).HasMaxLength(40);
            modelBuilder.Entity<Wide>().ToTable("a_table_with_a_name_that_is_longer_than_triggers_allow").HasKey(w => new { w.A, w.B, w.C, w.D, w.E });
        }
    }
}
