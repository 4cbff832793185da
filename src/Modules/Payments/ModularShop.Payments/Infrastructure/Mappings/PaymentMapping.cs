using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure.Mappings;

internal sealed class PaymentMapping : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> payment)
    {
        payment.ToTable("payments");
        payment.Property(p => p.OrderNumber).HasMaxLength(40);
        payment.Property(p => p.CardToken).HasMaxLength(Payment.MaxCodeLength);
        payment.Property(p => p.ProviderReference).HasMaxLength(Payment.MaxCodeLength);
        payment.Property(p => p.DeclineReason).HasMaxLength(Payment.MaxCodeLength);
        payment.Property(p => p.VoidReason).HasMaxLength(Payment.MaxCodeLength);
        payment.HasIndex(p => p.OrderId).IsUnique();
        payment.HasIndex(p => new { p.PendingCall, p.NextCallAt });
        payment.HasIndex(p => new { p.Status, p.ExpiresAt });
        payment.HasIndex(p => new { p.RequestedAt, p.OrderNumber });
        payment.OwnsMany(p => p.Events, e =>
        {
            e.ToTable("payment_events");
            e.WithOwner().HasForeignKey(x => x.PaymentId);
            e.HasKey(x => new { x.PaymentId, x.Number });
            e.Property(x => x.Type).HasMaxLength(40);
            e.Ignore(x => x.Fact);
        });
    }
}
