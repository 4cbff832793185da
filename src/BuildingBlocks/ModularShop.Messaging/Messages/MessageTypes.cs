using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediatR;

namespace ModularShop.Messaging;

/// <summary>A module reacts to a type of message.</summary>
internal sealed record Subscription(string Module, Type MessageType);

/// <summary>The messages this process knows: their names, their subscribers, and how they are read and written.</summary>
internal sealed class MessageTypes
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private readonly FrozenDictionary<string, MessageType> _byName;
    private readonly FrozenDictionary<Type, string[]> _subscribers;

    public MessageTypes(IEnumerable<Subscription> subscriptions)
    {
        var all = subscriptions.ToList();
        _byName = all.Select(s => s.MessageType).Distinct().Select(t => new MessageType(t)).ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        _subscribers = all.GroupBy(s => s.MessageType).ToFrozenDictionary(
            g => g.Key, g => g.Select(s => s.Module).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray());
    }

    public static string NameOf(Type type)
    {
        var module = type.Assembly.GetName().Name!;
        module = module.StartsWith("ModularShop.", StringComparison.Ordinal) ? module["ModularShop.".Length..] : module;
        module = module.EndsWith(".Contracts", StringComparison.Ordinal) ? module[..^".Contracts".Length] : module;
        return $"{module}.{type.Name}";
    }

    public static int VersionOf(Type type) => type.GetCustomAttribute<MessageVersionAttribute>()?.Version ?? 1;

    /// <summary>The modules that react to the type; none where nobody does.</summary>
    public IReadOnlyList<string> SubscribersOf(Type type) => _subscribers.GetValueOrDefault(type, []);

    /// <exception cref="UnknownMessageException">No handler of this process takes the type.</exception>
    public INotification Read(Envelope envelope) => _byName.TryGetValue(envelope.Type, out var type)
        ? type.Read(envelope)
        : throw new UnknownMessageException($"No module of this process handles messages of type {envelope.Type}.");

    private sealed class MessageType
    {
        private readonly Func<object, Envelope, INotification> _wrap;
        private readonly Type _type;

        public MessageType(Type type)
        {
            _type = type;
            Name = NameOf(type);
            _wrap = typeof(MessageType).GetMethod(nameof(Wrap), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type).CreateDelegate<Func<object, Envelope, INotification>>();
        }

        public string Name { get; }

        public INotification Read(Envelope envelope) => _wrap(
            JsonSerializer.Deserialize(envelope.Data, _type, Json) ?? throw new JsonException($"The data of message {envelope.Id} is null."),
            envelope);

        private static INotification Wrap<T>(object message, Envelope envelope)
            where T : IMessage => new Received<T>((T)message, envelope);
    }
}

/// <summary>A message reached a process whose modules do not handle its type.</summary>
public sealed class UnknownMessageException(string message) : Exception(message);
