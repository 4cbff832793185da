using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure.Mappings;

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>, IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.Property(s => s.LastUsedHash).HasMaxLength(64);
        session.Property(s => s.LastSeed).HasMaxLength(32);
        session.HasIndex(s => s.AccountId);
        session.HasIndex(s => s.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<RefreshToken> token)
    {
        token.ToTable("refresh_tokens");
        token.HasKey(t => t.Hash);
        token.Property(t => t.Hash).HasMaxLength(64);
        token.HasIndex(t => t.ExpiresAt);
        // Rows of their own and not a collection of the session: a session that is refreshed for weeks has thousands.
        token.HasOne<Session>().WithMany().HasForeignKey(t => t.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
