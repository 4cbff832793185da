using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure.Mappings;

internal sealed class RateMapping : IEntityTypeConfiguration<Country>, IEntityTypeConfiguration<Rate>
{
    public void Configure(EntityTypeBuilder<Country> country)
    {
        country.ToTable("countries");
        country.HasKey(c => c.Code);
        country.Property(c => c.Code).HasMaxLength(2);
        country.Property(c => c.Name).HasMaxLength(100);
    }

    public void Configure(EntityTypeBuilder<Rate> rate)
    {
        rate.ToTable("rates");
        rate.Property(r => r.Code).HasMaxLength(60);
        rate.HasIndex(r => r.Code).IsUnique();
        rate.HasIndex(r => new { r.Zone, r.UpToGrams });
        rate.OwnsMany(r => r.Prices, price =>
        {
            price.ToTable("rate_prices");
            price.WithOwner().HasForeignKey(p => p.RateId);
            price.HasKey(p => new { p.RateId, p.Currency });
            price.Property(p => p.Currency).HasMaxLength(3);
        });
    }
}
