using Microsoft.AspNetCore.Routing;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A module with everything that makes moving tables hard: parents and children, unique values, keys of two columns, every type.</summary>
internal sealed class WarehouseModule : IModule
{
    public string Name => "Warehouse";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<WarehouseDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        // It is moved, not asked.
    }
}

internal sealed class Bin
{
    public required Guid Id { get; init; }

    public required string Label { get; set; }

    public int Size { get; set; }

    public bool IsCold { get; set; }

    public long Weight { get; set; }

    public DateTimeOffset MadeAt { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public string? Note { get; set; }

    public byte[]? Seal { get; set; }

    public Money Price { get; set; } = new(0, "EUR");
}

internal sealed class Item
{
    public required Guid Id { get; init; }

    public required Guid BinId { get; set; }

    public required string Sku { get; set; }

    public int Count { get; set; }
}

internal sealed class Tag
{
    public required Guid BinId { get; init; }

    public required string Name { get; init; }

    public string Text { get; set; } = "";
}

internal sealed class WarehouseDbContext(DbContextOptions<WarehouseDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "warehouse";

    public DbSet<Bin> Bins => Set<Bin>();

    public DbSet<Item> Items => Set<Item>();

    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Bin>(bin =>
        {
            bin.ToTable("bins");
            bin.Property(b => b.Label).HasMaxLength(40);
            // Databases may call a column what they like.
            bin.Property(b => b.Note).HasColumnName(Provider is DatabaseProvider.Sqlite ? "Remark" : "Note");
            bin.HasIndex(b => b.Label).IsUnique();
            bin.HasMany<Item>().WithOne().HasForeignKey(i => i.BinId);
            bin.HasMany<Tag>().WithOne().HasForeignKey(t => t.BinId);
        });
        modelBuilder.Entity<Item>(item =>
        {
            item.ToTable("items");
            item.Property(i => i.Sku).HasMaxLength(40);
            item.HasIndex(i => i.Sku).IsUnique();
        });
        modelBuilder.Entity<Tag>(tag =>
        {
            tag.ToTable("tags");
            tag.HasKey(t => new { t.BinId, t.Name });
            tag.Property(t => t.Name).HasMaxLength(40);
        });
    }
}
