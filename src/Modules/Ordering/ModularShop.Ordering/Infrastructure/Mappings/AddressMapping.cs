using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure.Mappings;

internal static class AddressMapping
{
    public static void MapAddress(this ComplexPropertyBuilder<PostalAddress> address)
    {
        address.Property(a => a.Recipient).HasMaxLength(AddressValidator.NameLength);
        address.Property(a => a.Line1).HasMaxLength(AddressValidator.LineLength);
        address.Property(a => a.Line2).HasMaxLength(AddressValidator.LineLength);
        address.Property(a => a.City).HasMaxLength(AddressValidator.NameLength);
        address.Property(a => a.Region).HasMaxLength(AddressValidator.NameLength);
        address.Property(a => a.PostalCode).HasMaxLength(AddressValidator.PostalCodeLength);
        address.Property(a => a.Country).HasMaxLength(2);
    }
}
