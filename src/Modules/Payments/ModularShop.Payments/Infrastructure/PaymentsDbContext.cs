using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure;

internal sealed class PaymentsDbContext(DbContextOptions<PaymentsDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "payments";

    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<Invoice> Invoices => Set<Invoice>();

    public DbSet<InvoiceNumbers> InvoiceNumbers => Set<InvoiceNumbers>();

    public DbSet<Card> Cards => Set<Card>();

    public DbSet<CancelledOrder> CancelledOrders => Set<CancelledOrder>();

    public DbSet<ProviderEvent> ProviderEvents => Set<ProviderEvent>();

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        catch (DbUpdateException e) when (e is not DbUpdateConcurrencyException && e.IsUniqueViolation() && e.Entries.Any(x => x.Entity is PaymentEvent { Number: > 1 }))
        {
            // Two writers appended an event of the same number: what optimistic concurrency is, said by the key.
            throw new DbUpdateConcurrencyException("Somebody else appended to the same payment.", e);
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
    }
}

internal sealed class PaymentsDbContextFactory : DesignTimeContextFactory<PaymentsDbContext>;
