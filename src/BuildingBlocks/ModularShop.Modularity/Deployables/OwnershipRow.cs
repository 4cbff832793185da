using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ModularShop.Modularity.Deployables;

/// <summary>
/// Who owns the module's data, in the module's own database; no row means the monolith, in epoch 1. Whoever changes
/// the owner changes this row. Where the data is moved from one database to another, each has a row of its own, and a
/// process goes by the one in the database that it writes.
/// </summary>
internal sealed class OwnershipRow
{
    public required string Module { get; init; }

    public required Owner Owner { get; set; }

    public required long Epoch { get; set; }

    /// <summary>Changed in the transaction that makes the database refuse the owner's writes, or take them again.</summary>
    public bool Fenced { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required string By { get; set; }

    public required string Reason { get; set; }

    public Ownership ToOwnership() => new(Owner, Epoch, Fenced);
}

internal sealed class OwnershipMapping : IEntityTypeConfiguration<OwnershipRow>
{
    public void Configure(EntityTypeBuilder<OwnershipRow> builder)
    {
        builder.ToTable("ownership");
        builder.HasKey(o => o.Module);
        builder.Property(o => o.Module).HasMaxLength(64);
        builder.Property(o => o.Epoch).IsConcurrencyToken();
        builder.Property(o => o.By).HasMaxLength(200);
        builder.Property(o => o.Reason).HasMaxLength(500);
    }
}
