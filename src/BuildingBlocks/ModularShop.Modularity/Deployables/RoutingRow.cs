using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ModularShop.Modularity.Deployables;

/// <summary>
/// A revision of the routing, in the database of the module that <c>Facade:StoreIn</c> names; in those of other modules
/// there is none. Rows are added and never changed: who adds a number that is there was too late.
/// </summary>
internal sealed class RoutingRow
{
    /// <summary>Whose routing it is: the monolith's.</summary>
    public required string Deployable { get; init; }

    public required long Number { get; init; }

    /// <summary>The whole routing file.</summary>
    public required string Text { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public required string Reason { get; init; }
}

internal sealed class RoutingMapping : IEntityTypeConfiguration<RoutingRow>
{
    public void Configure(EntityTypeBuilder<RoutingRow> builder)
    {
        builder.ToTable("routing");
        builder.HasKey(r => new { r.Deployable, r.Number });
        builder.Property(r => r.Deployable).HasMaxLength(64);
        builder.Property(r => r.By).HasMaxLength(200);
        builder.Property(r => r.Reason).HasMaxLength(500);
    }
}
