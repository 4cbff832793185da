using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using MediatR;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;

namespace ModularShop.Messaging;

/// <summary>A module reacts to a type of message.</summary>
internal sealed record Subscription(string Module, Type MessageType);

/// <summary>The messages this process knows: their names, their subscribers, and how they are read and written.</summary>
internal sealed class MessageTypes
{
    public static readonly JsonSerializerOptions Json = PeerJson.Options;

    private readonly FrozenDictionary<string, MessageType> _byName;
    private readonly FrozenDictionary<Type, string[]> _subscribers;
    private readonly SubscribersElsewhere? _elsewhere;

    /// <exception cref="StartException">An old version of a message that is handled here could not be read.</exception>
    public MessageTypes(IEnumerable<Subscription> subscriptions, IEnumerable<IUpcaster<IMessage>> upcasters, SubscribersElsewhere? elsewhere = null)
    {
        _elsewhere = elsewhere;
        var all = subscriptions.ToList();
        var steps = upcasters.SelectMany(u => UpcasterChain.MessagesOf(u).Select(type => (Type: type, Upcaster: u))).ToLookup(u => u.Type, u => u.Upcaster);
        var types = all.Select(s => s.MessageType).Distinct().ToDictionary(t => t, t => new UpcasterChain(t, steps[t]));
        if (types.Values.SelectMany(t => t.Problems()).ToList() is { Count: > 0 } problems)
        {
            throw new StartException(string.Join('\n', problems));
        }

        _byName = types.Select(t => new MessageType(t.Key, t.Value)).ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
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

    public static int VersionOf(Type type) => UpcasterChain.VersionsOf(type).Version;

    /// <summary>What modules take, of this process and, as far as it knows, of others: the names of the types, and the modules that react to each.</summary>
    public IReadOnlyDictionary<string, string[]> Subscribers => _subscribers.Select(s => KeyValuePair.Create(NameOf(s.Key), s.Value)).Concat(_elsewhere?.All ?? new Dictionary<string, string[]>(StringComparer.Ordinal))
        .GroupBy(s => s.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.SelectMany(s => s.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);

    /// <summary>The modules that react to the type, in this process or in another; none where nobody does.</summary>
    /// <exception cref="NotReadyException">Those in other processes are not known yet.</exception>
    public IReadOnlyList<string> SubscribersOf(Type type)
    {
        var here = _subscribers.GetValueOrDefault(type, []);
        return _elsewhere is null || _elsewhere.Of(NameOf(type)) is not { Count: > 0 } elsewhere ? here : [.. here.Union(elsewhere, StringComparer.Ordinal)];
    }

    /// <summary>The message in its newest version, whatever version it was sent in.</summary>
    /// <exception cref="UnknownMessageException">No handler of this process takes the type, or the version cannot be read here.</exception>
    public INotification Read(Envelope envelope) => _byName.TryGetValue(envelope.Type, out var type)
        ? type.Read(envelope)
        : throw new UnknownMessageException($"No module of this process handles messages of type {envelope.Type}.");

    private sealed class MessageType
    {
        private readonly Func<object, Envelope, INotification> _wrap;
        private readonly Type _type;
        private readonly UpcasterChain _upcasters;

        public MessageType(Type type, UpcasterChain upcasters)
        {
            _type = type;
            _upcasters = upcasters;
            Name = NameOf(type);
            _wrap = typeof(MessageType).GetMethod(nameof(Wrap), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type).CreateDelegate<Func<object, Envelope, INotification>>();
        }

        public string Name { get; }

        public INotification Read(Envelope envelope)
        {
            var message = envelope.Version == _upcasters.Version
                ? JsonSerializer.Deserialize(envelope.Data, _type, Json)
                : _upcasters.Upcast(envelope.Data, envelope.Version).Deserialize(_type, Json);
            return _wrap(message ?? throw new JsonException($"The data of message {envelope.Id} is null."), envelope);
        }

        private static INotification Wrap<T>(object message, Envelope envelope)
            where T : IMessage => new Received<T>((T)message, envelope);
    }
}

/// <summary>A message reached a process whose modules do not handle its type, or do not know its version.</summary>
public sealed class UnknownMessageException(string message) : Exception(message);
