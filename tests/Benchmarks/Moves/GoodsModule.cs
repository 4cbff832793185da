using Microsoft.AspNetCore.Routing;

namespace Benchmarks.Moves;

/// <summary>A module with one table, whose rows are as large as products.</summary>
internal sealed class GoodsModule : IModule
{
    public static readonly LoadedModule Loaded = new(new GoodsModule(), typeof(GoodsDbContext));

    public string Name => "Goods";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<GoodsDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        // It is moved, not asked.
    }
}

internal sealed class Good
{
    public required Guid Id { get; init; }

    public required string Sku { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required Guid CategoryId { get; init; }

    public Money Price { get; init; } = new(1000, "EUR");

    public bool IsDiscontinued { get; init; }

    public long Version { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static Good Number(int n) => new()
    {
        Id = Guid.CreateVersion7(), Sku = $"SKU-{n:D8}", Name = $"A good that bears the number {n}", Description = new string((char)('a' + (n % 26)), 200), CategoryId = Guid.CreateVersion7(),
        CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(n),
    };
}

internal sealed class GoodsDbContext(DbContextOptions<GoodsDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "goods";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Good>(good =>
        {
            good.ToTable("goods");
            good.Property(g => g.Sku).HasMaxLength(40);
            good.Property(g => g.Name).HasMaxLength(200);
            good.Property(g => g.Description).HasMaxLength(2000);
            good.HasIndex(g => g.Sku).IsUnique();
            good.HasIndex(g => new { g.Name, g.Id });
        });
    }
}
