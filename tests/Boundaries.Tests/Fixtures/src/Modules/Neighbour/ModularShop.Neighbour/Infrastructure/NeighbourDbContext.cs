using ModularShop.Neighbour.Domain;

namespace ModularShop.Neighbour.Infrastructure;

internal sealed class NeighbourDbContext(DbContextOptions<NeighbourDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "neighbour";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Widget>(widget =>
        {
            widget.ToTable("widgets");
            widget.Property(w => w.Code).HasMaxLength(20);
            widget.HasIndex(w => w.Code).IsUnique();
        });
    }
}
