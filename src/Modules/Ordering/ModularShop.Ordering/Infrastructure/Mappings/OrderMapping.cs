using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure.Mappings;

internal sealed class OrderMapping : IEntityTypeConfiguration<Order>, IEntityTypeConfiguration<OrderLine>, IEntityTypeConfiguration<CheckoutSaga>
{
    public void Configure(EntityTypeBuilder<Order> order)
    {
        order.ToTable("orders");
        order.Property(o => o.Number).HasMaxLength(OrderNumber.MaxLength);
        order.Property(o => o.Reason).HasMaxLength(Order.ReasonLength);
        order.Property(o => o.ShippingService).HasMaxLength(40);
        order.Property(o => o.ShippingName).HasMaxLength(100);
        order.Property(o => o.TrackingNumber).HasMaxLength(100);
        order.Property(o => o.InvoiceNumber).HasMaxLength(40);
        order.Property(o => o.CheckoutKey).HasMaxLength(100);
        order.Property(o => o.CheckoutHash).HasMaxLength(64);
        order.ComplexProperty(o => o.Address, address => address.MapAddress());
        order.HasIndex(o => o.Number).IsUnique();
        order.HasIndex(o => new { o.CustomerId, o.CheckoutKey }).IsUnique();
        order.HasMany(o => o.Lines).WithOne().HasForeignKey(l => l.OrderId).OnDelete(DeleteBehavior.Cascade);
        order.Navigation(o => o.Lines).AutoInclude();
    }

    // An entity and not an owned type: owned types cannot have Money, EF's migrations do not know how to say it.
    public void Configure(EntityTypeBuilder<OrderLine> line)
    {
        line.ToTable("order_lines");
        line.HasKey(l => new { l.OrderId, l.Position });
        line.Property(l => l.Sku).HasMaxLength(Sku.MaxLength);
        line.Property(l => l.Name).HasMaxLength(200);
    }

    public void Configure(EntityTypeBuilder<CheckoutSaga> saga)
    {
        saga.MapSaga<CheckoutSaga, CheckoutState>("checkouts");
        saga.Property(s => s.CardToken).HasMaxLength(200);
        saga.Property(s => s.EndReason).HasMaxLength(Order.ReasonLength);
    }
}
