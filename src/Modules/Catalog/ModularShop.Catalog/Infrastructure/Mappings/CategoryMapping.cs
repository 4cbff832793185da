using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure.Mappings;

internal sealed class CategoryMapping : IEntityTypeConfiguration<Category>
{
    public void Configure(EntityTypeBuilder<Category> category)
    {
        category.ToTable("categories");
        category.Property(c => c.Name).HasMaxLength(Category.MaxNameLength);
        category.Property(c => c.Path).HasMaxLength(Category.MaxPathLength);
        category.HasIndex(c => c.Path).IsUnique();
    }
}
