using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure;

internal sealed class ShippingDbContext(DbContextOptions<ShippingDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "shipping";

    public DbSet<Shipment> Shipments => Set<Shipment>();

    public DbSet<StoppedOrder> StoppedOrders => Set<StoppedOrder>();

    public DbSet<Country> Countries => Set<Country>();

    public DbSet<Rate> Rates => Set<Rate>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
    }
}

internal sealed class ShippingDbContextFactory : DesignTimeContextFactory<ShippingDbContext>;
