using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure.Mappings;

internal sealed class ReadModelMapping : IEntityTypeConfiguration<HistoryEntry>, IEntityTypeConfiguration<OrderListEntry>
{
    public void Configure(EntityTypeBuilder<HistoryEntry> entry)
    {
        entry.ToTable("order_history");
        entry.HasKey(e => e.Id);
        entry.Property(e => e.Text).HasMaxLength(HistoryEntry.TextLength);
        entry.HasIndex(e => new { e.OrderId, e.At });
    }

    public void Configure(EntityTypeBuilder<OrderListEntry> entry)
    {
        entry.ToTable("order_summaries");
        entry.HasKey(e => e.OrderId);
        entry.Property(e => e.Number).HasMaxLength(OrderNumber.MaxLength);
        entry.Property(e => e.Reason).HasMaxLength(Order.ReasonLength);
        entry.HasIndex(e => new { e.CustomerId, e.PlacedAt, e.Number });
        entry.HasIndex(e => new { e.Status, e.PlacedAt, e.Number });
        entry.HasIndex(e => new { e.PlacedAt, e.Number });
    }
}
