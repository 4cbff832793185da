using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure.Mappings;

internal sealed class CartMapping : IEntityTypeConfiguration<Cart>, IEntityTypeConfiguration<CartLine>
{
    public void Configure(EntityTypeBuilder<Cart> cart)
    {
        cart.ToTable("carts");
        cart.ComplexProperty(c => c.Address, address => address.MapAddress());
        cart.HasIndex(c => c.OpenFor).IsUnique();
        cart.HasIndex(c => c.ChangedAt);
        cart.HasMany(c => c.Lines).WithOne().HasForeignKey(l => l.CartId).OnDelete(DeleteBehavior.Cascade);
        cart.Navigation(c => c.Lines).AutoInclude();
    }

    // An entity and not an owned type: owned types cannot have Money, EF's migrations do not know how to say it.
    public void Configure(EntityTypeBuilder<CartLine> line)
    {
        line.ToTable("cart_lines");
        line.HasKey(l => new { l.CartId, l.Sku });
        line.Property(l => l.Sku).HasMaxLength(Sku.MaxLength);
        line.Property(l => l.Name).HasMaxLength(200);
    }
}
