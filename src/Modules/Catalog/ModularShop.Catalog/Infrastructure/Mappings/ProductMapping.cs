using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure.Mappings;

internal sealed class ProductMapping : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> product)
    {
        product.ToTable("products");
        product.Property(p => p.Sku).HasMaxLength(Sku.MaxLength);
        product.Property(p => p.Name).HasMaxLength(Product.MaxNameLength);
        // Folding makes two letters of some.
        product.Property(p => p.NameKey).HasMaxLength(2 * Product.MaxNameLength);
        product.Property(p => p.Brand).HasMaxLength(Product.MaxBrandLength);
        product.Property(p => p.Description).HasMaxLength(Product.MaxDescriptionLength);
        product.HasIndex(p => p.Sku).IsUnique();
        product.HasIndex(p => new { p.NameKey, p.Sku });
        product.HasIndex(p => new { p.CreatedAt, p.Sku });
        product.HasIndex(p => p.CategoryId);
        product.OwnsMany(p => p.Attributes, attribute =>
        {
            attribute.ToTable("product_attributes");
            attribute.WithOwner().HasForeignKey(a => a.ProductId);
            attribute.HasKey(a => new { a.ProductId, a.Name });
            attribute.Property(a => a.Name).HasMaxLength(Product.MaxAttributeNameLength);
            attribute.Property(a => a.Value).HasMaxLength(Product.MaxAttributeValueLength);
        });
    }
}
