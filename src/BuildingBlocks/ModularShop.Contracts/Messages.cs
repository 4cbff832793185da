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

/// <summary>The version of a message's shape; 1 where the attribute is absent. Raise it with every change of shape.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MessageVersionAttribute(int version) : Attribute
{
    public int Version { get; } = version;
}
