using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure.Mappings;

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>, IEntityTypeConfiguration<LogInAttempts>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.ToTable("accounts");
        account.Property(a => a.Email).HasMaxLength(EmailAddress.MaxLength);
        account.Property(a => a.PasswordHash).HasMaxLength(200);
        account.Property(a => a.Name).HasMaxLength(100);
        account.Property(a => a.Phone).HasMaxLength(30);
        account.Property(a => a.Language).HasMaxLength(5);
        account.Property(a => a.Currency).HasMaxLength(3);
        account.HasIndex(a => a.Email).IsUnique();
        account.OwnsMany(a => a.Addresses, address =>
        {
            address.ToTable("addresses");
            address.WithOwner().HasForeignKey(a => a.AccountId);
            address.HasKey(a => a.Id);
            address.Property(a => a.Recipient).HasMaxLength(Address.MaxRecipient);
            address.Property(a => a.Line1).HasMaxLength(Address.MaxLine);
            address.Property(a => a.Line2).HasMaxLength(Address.MaxLine);
            address.Property(a => a.City).HasMaxLength(Address.MaxPlace);
            address.Property(a => a.Region).HasMaxLength(Address.MaxPlace);
            address.Property(a => a.PostalCode).HasMaxLength(Address.MaxPostalCode);
            address.Property(a => a.Country).HasMaxLength(2);
        });
    }

    public void Configure(EntityTypeBuilder<LogInAttempts> attempts)
    {
        attempts.ToTable("log_in_attempts");
        attempts.Property(a => a.EmailHash).HasMaxLength(64);
        attempts.HasIndex(a => a.EmailHash).IsUnique();
        attempts.HasIndex(a => a.LastAt);
    }
}
