using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularShop.Messaging;

/// <summary>The way of one message type's old versions to the newest.</summary>
internal sealed class UpcasterChain(Type type, IEnumerable<IUpcaster<IMessage>> upcasters)
{
    private readonly MessageVersionAttribute _versions = VersionsOf(type);
    private readonly ILookup<int, IUpcaster<IMessage>> _steps = upcasters.ToLookup(u => u.From);

    public int Version => _versions.Version;

    public static MessageVersionAttribute VersionsOf(Type type) => type.GetCustomAttribute<MessageVersionAttribute>() ?? new MessageVersionAttribute(1);

    /// <summary>The types that an upcaster is for.</summary>
    public static IEnumerable<Type> MessagesOf(IUpcaster<IMessage> upcaster) => upcaster.GetType().GetInterfaces()
        .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IUpcaster<>)).Select(i => i.GetGenericArguments()[0]);

    /// <summary>What keeps the chain from reaching from the oldest version to the newest; none where it does.</summary>
    public IEnumerable<string> Problems()
    {
        var name = MessageTypes.NameOf(type);
        if (Version < 1 || _versions.Oldest < 1 || _versions.Oldest > Version)
        {
            yield return $"[MessageVersion({Version}, Oldest = {_versions.Oldest})] of {name} is no range of versions: it must be 1 <= Oldest <= version.";
            yield break;
        }

        for (var from = _versions.Oldest; from < Version; from++)
        {
            if (!_steps.Contains(from))
            {
                yield return $"{name} is in version {Version}, but nothing upcasts its version {from}. Add a class that implements IUpcaster<{type.Name}> "
                    + $"with From => {from} to {type.Assembly.GetName().Name}; or, once no message of version {from} is left in any outbox or inbox, "
                    + $"declare [MessageVersion({Version}, Oldest = {from + 1})].";
            }
        }

        foreach (var step in _steps)
        {
            var names = string.Join(" and ", step.Select(u => u.GetType().Name).Order(StringComparer.Ordinal));
            if (step.Key < _versions.Oldest || step.Key >= Version)
            {
                yield return $"{names} upcasts {name} from version {step.Key}, but the message is read in {Range}. Raise [MessageVersion], or delete the upcaster.";
            }
            else if (step.Count() > 1)
            {
                yield return $"{names} both upcast {name} from version {step.Key}. Keep one.";
            }
        }
    }

    /// <exception cref="UnknownMessageException">The version is newer than this process knows, or older than it still reads.</exception>
    public JsonObject Upcast(string data, int version)
    {
        var name = MessageTypes.NameOf(type);
        if (version > Version)
        {
            throw new UnknownMessageException(
                $"{name} came in version {version}; this process reads {Range}. Deploy it with the contract of version {version}, "
                + "as should be done before any publisher sends it, then retry the dead letters.");
        }

        if (version < _versions.Oldest)
        {
            throw new UnknownMessageException(
                $"{name} came in version {version}; this process reads {Range}. Bring the upcasters of the older versions back and lower "
                + $"[MessageVersion({Version}, Oldest = {_versions.Oldest})], then retry the dead letters, or discard them.");
        }

        var json = JsonNode.Parse(data) as JsonObject ?? throw new JsonException($"The data of {name} is no JSON object.");
        for (var from = version; from < Version; from++)
        {
            var upcaster = _steps[from].Single();
            try
            {
                upcaster.Upcast(json);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{upcaster.GetType().Name} could not upcast {name} from version {from}: {e.Message}", e);
            }
        }

        return json;
    }

    private string Range => _versions.Oldest == Version ? $"version {Version}" : $"versions {_versions.Oldest} to {Version}";
}
