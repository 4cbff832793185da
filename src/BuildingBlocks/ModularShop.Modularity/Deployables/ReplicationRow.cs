using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ModularShop.Modularity.Deployables;

public enum ReplicationState
{
    /// <summary>The data is being copied: this database has a part of it.</summary>
    Copying,

    /// <summary>This database follows the other one.</summary>
    Running,

    /// <summary>It followed, and does not any more.</summary>
    Stopped,

    /// <summary>The tables here are gone: nothing is ever answered from this database again.</summary>
    Retired,
}

/// <summary>
/// That the module's data is in two databases, in the one of them that follows: the service's until writes are switched
/// to it, the monolith's from then on. No row: the data is in one. Written by the workflow that moves it.
/// </summary>
internal sealed class ReplicationRow
{
    public required string Module { get; init; }

    public required Guid Workflow { get; init; }

    /// <summary>The fencing token of who writes this row; not the ownership's epoch.</summary>
    public required long Epoch { get; init; }

    public required ReplicationState State { get; init; }

    /// <summary>The latest moment of which this database is known to hold everything that was committed in the other one by then.</summary>
    public DateTimeOffset? CaughtUpAt { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Reason { get; init; }
}

internal sealed class ReplicationMapping : IEntityTypeConfiguration<ReplicationRow>
{
    public void Configure(EntityTypeBuilder<ReplicationRow> builder)
    {
        builder.ToTable("replication");
        builder.HasKey(r => r.Module);
        builder.Property(r => r.Module).HasMaxLength(64);
        builder.Property(r => r.Reason).HasMaxLength(500);
    }
}
