using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure.Mappings;

internal sealed class CategoryMapping : IEntityTypeConfiguration<Category>
{
    public void Configure(EntityTypeBuilder<Category> category)
    {
        category.ToTable("categories");
        category.Property(c => c.Name).HasMaxLength(100);
        category.Property(c => c.Path).HasMaxLength(400);
        category.HasIndex(c => c.Path).IsUnique();
    }
}
