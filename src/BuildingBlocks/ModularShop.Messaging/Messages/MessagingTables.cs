using Microsoft.EntityFrameworkCore;

namespace ModularShop.Messaging;

public static class MessagingTables
{
    /// <summary>The tables each module has in its own schema: <c>outbox</c>, <c>inbox</c>, <c>lease</c>.</summary>
    public static void AddMessaging(this ModelBuilder model)
    {
        model.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("outbox");
            outbox.HasKey(m => new { m.MessageId, m.Subscriber });
            outbox.Property(m => m.Subscriber).HasMaxLength(64);
            MapMessage(outbox);
            outbox.HasIndex(m => m.Time);
            outbox.HasIndex(m => new { m.Subject, m.SequenceVersion, m.SequenceOrdinal });
        });
        model.Entity<InboxMessage>(inbox =>
        {
            inbox.ToTable("inbox");
            inbox.HasKey(m => m.MessageId);
            MapMessage(inbox);
            inbox.Property(m => m.State).IsConcurrencyToken();
            inbox.Property(m => m.Attempts).IsConcurrencyToken();
            inbox.Property(m => m.Cause).HasMaxLength(InboxMessage.MaxCause);
            inbox.HasIndex(m => new { m.State, m.DueAt });
            inbox.HasIndex(m => new { m.State, m.Subject, m.SequenceVersion, m.SequenceOrdinal });
        });
        model.Entity<LeaseRow>(lease =>
        {
            lease.ToTable("lease");
            lease.HasKey(l => l.Name);
            lease.Property(l => l.Name).HasMaxLength(40);
            lease.Property(l => l.Holder).HasMaxLength(200);
        });
    }

    private static void MapMessage<T>(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<T> row)
        where T : MessageRow
    {
        row.Property(m => m.Source).HasMaxLength(MessageRow.MaxSource);
        row.Property(m => m.Type).HasMaxLength(MessageRow.MaxType);
        row.Property(m => m.Subject).HasMaxLength(MessageRow.MaxSubject);
        row.Property(m => m.TraceParent).HasMaxLength(MessageRow.MaxTraceParent);
    }
}

/// <summary>The envelope as columns.</summary>
internal abstract class MessageRow
{
    public const int MaxSource = 64;

    public const int MaxType = 200;

    public const int MaxSubject = 200;

    public const int MaxTraceParent = 64;

    public Guid MessageId { get; init; }

    public required string Source { get; init; }

    public required string Type { get; init; }

    public int Version { get; init; }

    public required string Subject { get; init; }

    public long SequenceVersion { get; init; }

    public int SequenceOrdinal { get; init; }

    public DateTimeOffset Time { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>JSON; an operator may change that of a message that failed for good.</summary>
    public required string Data { get; set; }

    /// <summary>Whether every engine keeps the message: one that does not fit would fail its whole batch, for ever.</summary>
    public static bool Takes(Envelope e) => Fits(e.Source, MaxSource) && Fits(e.Type, MaxType) && Fits(e.Subject, MaxSubject) && Fits(e.TraceParent ?? "", MaxTraceParent)
        && Fits(e.Data, int.MaxValue);

    public Envelope ToEnvelope() => new(MessageId, Source, Type, Version, Subject, new Sequence(SequenceVersion, SequenceOrdinal), Time, TraceParent, Data);

    private static bool Fits(string text, int most) => text.Length <= most && !text.Contains('\0', StringComparison.Ordinal);
}

/// <summary>One message for one subscriber, still to be delivered; deleted once it is in the subscriber's inbox.</summary>
internal sealed class OutboxMessage : MessageRow
{
    public required string Subscriber { get; init; }

    /// <summary>Deliveries tried in vain.</summary>
    public int Attempts { get; set; }

    public string? LastError { get; set; }

    public static OutboxMessage Of(Envelope e, string subscriber) => new()
    {
        MessageId = e.Id, Source = e.Source, Type = e.Type, Version = e.Version, Subject = e.Subject, SequenceVersion = e.Sequence.Version,
        SequenceOrdinal = e.Sequence.Ordinal, Time = e.Time, TraceParent = e.TraceParent, Data = e.Data, Subscriber = subscriber,
    };
}

internal enum InboxState
{
    /// <summary>To be handled at or after its due time.</summary>
    Pending,

    /// <summary>Handled, in the transaction that says so; kept so that a second delivery is recognised.</summary>
    Handled,

    /// <summary>Given up: an operator retries or discards it.</summary>
    Dead,

    /// <summary>An operator decided that it will not be handled.</summary>
    Discarded,
}

/// <summary>A message this module has received, or has scheduled for itself.</summary>
internal sealed class InboxMessage : MessageRow
{
    public const int MaxCause = 200;

    /// <summary>Begins the line of <see cref="LastError"/> that says who gave the message other data, and why.</summary>
    public const string EditNote = "Edited by ";

    public InboxState State { get; set; }

    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Not handled before.</summary>
    public DateTimeOffset DueAt { get; set; }

    public int Attempts { get; set; }

    public string? LastError { get; set; }

    /// <summary>Type and first line of the last exception; dead letters are grouped by it.</summary>
    public string? Cause { get; set; }

    public DateTimeOffset? HandledAt { get; set; }

    public static InboxMessage Of(Envelope e, DateTimeOffset receivedAt, DateTimeOffset dueAt) => new()
    {
        MessageId = e.Id, Source = e.Source, Type = e.Type, Version = e.Version, Subject = e.Subject, SequenceVersion = e.Sequence.Version,
        SequenceOrdinal = e.Sequence.Ordinal, Time = e.Time, TraceParent = e.TraceParent, Data = e.Data, ReceivedAt = receivedAt, DueAt = dueAt,
    };
}

/// <summary>Which process does the module's background work; one row.</summary>
internal sealed class LeaseRow
{
    public required string Name { get; init; }

    public required string Holder { get; init; }

    /// <summary>Fencing token: raised whenever the holder changes.</summary>
    public long Token { get; init; }

    /// <summary>Milliseconds since 1970 on the database's clock.</summary>
    public long ExpiresAt { get; init; }
}
