using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure.Mappings;

internal sealed class StockMapping : IEntityTypeConfiguration<StockItem>, IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<StockItem> stock)
    {
        stock.ToTable("stock");
        stock.Property(s => s.Sku).HasMaxLength(Sku.MaxLength);
        stock.HasIndex(s => s.Sku).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Reservation> reservation)
    {
        reservation.ToTable("reservations");
        reservation.HasIndex(r => new { r.Status, r.ExpiresAt });
        reservation.OwnsMany(r => r.Lines, line =>
        {
            line.ToTable("reservation_lines");
            line.WithOwner().HasForeignKey(l => l.ReservationId);
            line.HasKey(l => new { l.ReservationId, l.Sku });
            line.Property(l => l.Sku).HasMaxLength(Sku.MaxLength);
        });
    }
}
