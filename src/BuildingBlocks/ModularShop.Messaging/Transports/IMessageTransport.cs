namespace ModularShop.Messaging;

/// <summary>Brings messages into the inbox of a subscriber.</summary>
public interface IMessageTransport
{
    /// <summary>
    /// Delivers a batch, in its order. When it returns, every message is durably in the subscriber's inbox;
    /// when it throws, any number of them may be, and delivering them again is harmless.
    /// </summary>
    Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken);
}
