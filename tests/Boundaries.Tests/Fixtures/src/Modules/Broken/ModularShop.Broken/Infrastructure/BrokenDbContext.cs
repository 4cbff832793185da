using ModularShop.Neighbour.Domain;

namespace ModularShop.Broken.Infrastructure;

/// <summary>Maps what it may not map.</summary>
internal sealed class BrokenDbContext(DbContextOptions<BrokenDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "broken";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Widget>().ToTable("widgets");
        modelBuilder.Entity<Gadget>(gadget =>
        {
            gadget.ToTable("gadgets");
            gadget.HasOne<Widget>().WithMany().HasForeignKey(g => g.WidgetId);
        });
        modelBuilder.Entity<Elsewhere>().ToTable("elsewhere", "neighbour");
        modelBuilder.Entity<Seen>().ToView("seen").HasKey(s => s.Id);
        modelBuilder.Entity<Asked>().ToSqlQuery("SELECT id FROM neighbour.widgets").HasKey(s => s.Id);
    }
}

internal sealed class Gadget
{
    public Guid Id { get; init; }

    public Guid WidgetId { get; init; }
}

internal sealed class Elsewhere
{
    public Guid Id { get; init; }
}

internal sealed class Seen
{
    public Guid Id { get; init; }
}

internal sealed class Asked
{
    public Guid Id { get; init; }
}

/// <summary>Has the name and the schema of nobody, and takes a service.</summary>
internal sealed class SecondDbContext(DbContextOptions<SecondDbContext> options, TimeProvider time) : DbContext(options)
{
    public TimeProvider Time => time;
}
