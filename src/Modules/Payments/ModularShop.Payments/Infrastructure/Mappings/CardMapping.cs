using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure.Mappings;

internal sealed class CardMapping : IEntityTypeConfiguration<Card>, IEntityTypeConfiguration<CancelledOrder>, IEntityTypeConfiguration<ProviderEvent>
{
    public void Configure(EntityTypeBuilder<Card> card)
    {
        card.ToTable("cards");
        card.Property(c => c.Token).HasMaxLength(Payment.MaxCodeLength);
        card.Property(c => c.Brand).HasMaxLength(20);
        card.Property(c => c.Last4).HasMaxLength(4);
        card.HasIndex(c => c.Token).IsUnique();
    }

    public void Configure(EntityTypeBuilder<CancelledOrder> order)
    {
        order.ToTable("cancelled_orders");
        order.Property(o => o.Reason).HasMaxLength(Payment.MaxCodeLength);
    }

    public void Configure(EntityTypeBuilder<ProviderEvent> e)
    {
        e.ToTable("provider_events");
        e.HasKey(x => x.EventId);
        e.Property(x => x.EventId).HasMaxLength(ProviderEvent.MaxIdLength);
        e.Property(x => x.Type).HasMaxLength(100);
        e.HasIndex(x => x.ReceivedAt);
    }
}
