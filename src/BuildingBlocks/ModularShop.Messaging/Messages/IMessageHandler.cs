using MediatR;

namespace ModularShop.Messaging;

/// <summary>A message as its subscriber gets it.</summary>
public sealed record Received<TMessage>(TMessage Message, Envelope Envelope) : INotification
    where TMessage : IMessage;

/// <summary>
/// A module's reaction to a message. It runs inside the inbox transaction: what it changes through the module's
/// context is saved together with the message's completion, exactly once. It saves nothing itself, calls no
/// network, and throws only for what is worth trying again.
/// </summary>
public interface IMessageHandler<TMessage> : INotificationHandler<Received<TMessage>>
    where TMessage : IMessage;
