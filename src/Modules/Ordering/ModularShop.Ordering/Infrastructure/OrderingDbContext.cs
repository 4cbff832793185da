using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure;

internal sealed class OrderingDbContext(DbContextOptions<OrderingDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "ordering";

    public DbSet<Cart> Carts => Set<Cart>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<CheckoutSaga> Checkouts => Set<CheckoutSaga>();

    public DbSet<HistoryEntry> History => Set<HistoryEntry>();

    public DbSet<OrderListEntry> OrderList => Set<OrderListEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
    }
}

internal sealed class OrderingDbContextFactory : DesignTimeContextFactory<OrderingDbContext>;
