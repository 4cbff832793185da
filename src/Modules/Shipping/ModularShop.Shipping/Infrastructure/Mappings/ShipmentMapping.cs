using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure.Mappings;

internal sealed class ShipmentMapping : IEntityTypeConfiguration<Shipment>, IEntityTypeConfiguration<StoppedOrder>
{
    public void Configure(EntityTypeBuilder<Shipment> shipment)
    {
        shipment.ToTable("shipments");
        shipment.Property(s => s.OrderNumber).HasMaxLength(40);
        shipment.Property(s => s.TrackingNumber).HasMaxLength(TrackingNumber.Length);
        shipment.Property(s => s.ServiceCode).HasMaxLength(40);
        shipment.Property(s => s.Reason).HasMaxLength(40);
        shipment.ComplexProperty(s => s.Address, address =>
        {
            address.Property(a => a.Recipient).HasMaxLength(AddressLimits.MaxLine);
            address.Property(a => a.Line1).HasMaxLength(AddressLimits.MaxLine);
            address.Property(a => a.Line2).HasMaxLength(AddressLimits.MaxLine);
            address.Property(a => a.City).HasMaxLength(AddressLimits.MaxLine);
            address.Property(a => a.Region).HasMaxLength(AddressLimits.MaxLine);
            address.Property(a => a.PostalCode).HasMaxLength(AddressLimits.MaxPostalCode);
            address.Property(a => a.Country).HasMaxLength(2);
        });
        shipment.HasIndex(s => s.OrderId).IsUnique();
        shipment.HasIndex(s => s.TrackingNumber).IsUnique();
        shipment.HasIndex(s => s.NextCallAt);
        shipment.HasIndex(s => new { s.Status, s.TrackingNumber });
        shipment.HasIndex(s => new { s.RequestedAt, s.TrackingNumber });
        shipment.OwnsMany(s => s.Events, happened =>
        {
            happened.ToTable("tracking_events");
            happened.WithOwner().HasForeignKey(e => e.ShipmentId);
            happened.HasKey(e => new { e.ShipmentId, e.Number });
            happened.Property(e => e.Place).HasMaxLength(TrackingEvent.MaxPlace);
            happened.Property(e => e.Text).HasMaxLength(TrackingEvent.MaxText);
        });
        shipment.Navigation(s => s.Events).UsePropertyAccessMode(PropertyAccessMode.Field);
    }

    public void Configure(EntityTypeBuilder<StoppedOrder> stopped) => stopped.ToTable("stopped_orders");
}
