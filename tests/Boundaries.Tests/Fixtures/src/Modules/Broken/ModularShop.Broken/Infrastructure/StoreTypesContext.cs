using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ModularShop.Broken.Infrastructure;

/// <summary>Maps its own types to what does not survive a change of engine.</summary>
internal sealed class StoreTypesContext(DbContextOptions<StoreTypesContext> options) : ModuleDbContext(options)
{
    public override string Schema => "broken";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Sample>(Map);
        modelBuilder.Entity<Numbered>().HasKey(n => n.Number);
        modelBuilder.Entity<Keyless>().HasNoKey();
        modelBuilder.Entity<Unversioned>().Property(u => u.Version).IsConcurrencyToken(false);
    }

    private static void Map(EntityTypeBuilder<Sample> sample)
    {
        sample.HasKey(s => new { s.Id, s.Line });
        sample.Property(s => s.Name).UseCollation("NOCASE");
        sample.Property(s => s.Kind).HasConversion<int>();
        sample.Property(s => s.Generated).ValueGeneratedOnAdd();
        sample.Property(s => s.Defaulted).HasDefaultValue(3);
        sample.Property(s => s.ComputedHere).HasComputedColumnSql("1");
    }
}

internal sealed class Sample
{
    public Guid Id { get; init; }

    public int Line { get; init; }

    public string Name { get; init; } = "";

    public DayOfWeek Kind { get; init; }

    public long Generated { get; init; }

    public int Defaulted { get; init; }

    public int ComputedHere { get; init; }

    public DateTimeOffset At { get; init; }

    public Money Price { get; init; }
}

internal sealed class Numbered
{
    public int Number { get; init; }
}

internal sealed class Keyless
{
    public string? Text { get; init; }
}

internal sealed class Unversioned : AggregateRoot;

/// <summary>Has a model that ModuleDbContext refuses.</summary>
internal sealed class RefusedContext(DbContextOptions<RefusedContext> options) : ModuleDbContext(options)
{
    public override string Schema => "broken";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Weighed>();
    }
}

internal sealed class Weighed
{
    public Guid Id { get; init; }

    public decimal Weight { get; init; }
}

/// <summary>Has a schema of its own.</summary>
internal sealed class StraySchemaContext(DbContextOptions<StraySchemaContext> options) : ModuleDbContext(options)
{
    public override string Schema => "stray";
}
