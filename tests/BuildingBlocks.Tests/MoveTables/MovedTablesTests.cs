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
            ],
            ignoreOrder: true);
    }

    private sealed class Log
    {
        public string Text { get; init; } = "";
    }

    private sealed class Visit
    {
        public DateTimeOffset At { get; init; }
    }

    private sealed class SinfulDbContext(DbContextOptions<SinfulDbContext> options) : ModuleDbContext(options)
    {
        public override string Schema => "sinful";

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            base.OnModelCreating(modelBuilder);
            modelBuilder.Entity<Log>().ToTable("logs").HasNoKey();
            modelBuilder.Entity<Visit>().ToTable("visits").HasKey(v => v.At);
        }
    }
}
