namespace ModularShop.Modularity.Domain;

/// <summary>
/// The unit of consistency: loaded whole, changed through its own methods, saved in one transaction. Every
/// save that changes it, or one of the rows it owns, raises <see cref="Version"/> by one; a save based on an
/// older version fails and is retried from the start.
/// </summary>
public abstract class AggregateRoot
{
    private List<OutgoingMessage>? _messages;

    /// <summary>UUIDv7, made by the client.</summary>
    public Guid Id { get; protected init; } = Guid.CreateVersion7();

    /// <summary>Optimistic concurrency token, and the first part of the sequence of the messages it publishes.</summary>
    public long Version { get; internal set; }

    /// <summary>What other modules' messages are ordered by: <c>product/0190…</c>.</summary>
    public virtual string Subject => $"{GetType().Name.ToLowerInvariant()}/{Id}";

    /// <summary>Publishes a message in the transaction that saves this aggregate.</summary>
    protected void Publish(IMessage message) => (_messages ??= []).Add(new OutgoingMessage(message, Due: null));

    /// <summary>Sends a message to this module itself, not before <paramref name="due"/>: a timeout of a saga.</summary>
    protected void Schedule(IMessage message, DateTimeOffset due) => (_messages ??= []).Add(new OutgoingMessage(message, due));

    internal bool HasMessages => _messages is { Count: > 0 };

    internal IReadOnlyList<OutgoingMessage> TakeMessages()
    {
        var taken = _messages;
        _messages = null;
        return taken is null ? [] : taken;
    }
}

/// <summary>A message on its way into the outbox; with <paramref name="Due"/>, into the module's own inbox for later.</summary>
public sealed record OutgoingMessage(IMessage Message, DateTimeOffset? Due);
