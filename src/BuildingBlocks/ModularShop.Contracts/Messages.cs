namespace ModularShop.Contracts;

/// <summary>
/// Something one module tells another through the outbox. A message is an immutable record in the
/// Contracts assembly of the module that owns its meaning; its name is <c>Module.TypeName</c>.
/// </summary>
public interface IMessage;

/// <summary>A fact: it happened, and whoever is interested may react. Named in the past tense.</summary>
public interface IIntegrationEvent : IMessage;

/// <summary>A request to one module to change its state. Lives in the Contracts of the module that carries it out.</summary>
public interface ICommandMessage : IMessage;

/// <summary>
/// The version of a message's shape; 1 where the attribute is absent. Raise it with a change that an old message,
/// or an old consumer, cannot bear, and add an <see cref="IUpcaster{TMessage}"/>: docs/events.md.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MessageVersionAttribute(int version) : Attribute
{
    public int Version { get; } = version;

    /// <summary>The oldest version that is still read. Raise it once no older message is left in any outbox or inbox.</summary>
    public int Oldest { get; init; } = 1;
}
