using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure.Mappings;

internal sealed class StockMapping
    : IEntityTypeConfiguration<StockItem>, IEntityTypeConfiguration<StockMovement>, IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<StockItem> stock)
    {
        stock.ToTable("stock");
        stock.Property(s => s.Sku).HasMaxLength(Sku.MaxLength);
        stock.HasIndex(s => s.Sku).IsUnique();
        stock.HasMany(s => s.Movements).WithOne().HasForeignKey(m => m.StockId);
    }

    public void Configure(EntityTypeBuilder<StockMovement> movement)
    {
        movement.ToTable("stock_movements");
        movement.Property(m => m.Sku).HasMaxLength(Sku.MaxLength);
        movement.Property(m => m.Reason).HasMaxLength(StockMovement.MaxReasonLength);
        movement.Property(m => m.Key).HasMaxLength(StockMovement.MaxKeyLength);
        movement.HasIndex(m => new { m.StockId, m.Key }).IsUnique();
        movement.HasIndex(m => new { m.StockId, m.At });
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
