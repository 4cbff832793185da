using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure;

internal sealed class CustomersDbContext(DbContextOptions<CustomersDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "customers";

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<LogInAttempts> LogInAttempts => Set<LogInAttempts>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
    }
}

internal sealed class CustomersDbContextFactory : DesignTimeContextFactory<CustomersDbContext>;
