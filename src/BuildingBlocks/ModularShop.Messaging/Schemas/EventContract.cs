using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging.Schemas;

/// <summary>A message between modules as the code has it now: its record, who sends it and who handles it.</summary>
public sealed record EventContract(string Name, Type Type, string Publisher, IReadOnlyList<string> Consumers)
{
    public int Version => UpcasterChain.VersionsOf(Type).Version;

    /// <summary>The oldest version that is still read.</summary>
    public int Oldest => UpcasterChain.VersionsOf(Type).Oldest;

    public JsonObject Schema
    {
        get
        {
            var schema = new JsonObject
            {
                ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
                ["title"] = $"{Name}, version {Version}",
                ["x-kind"] = Type.IsAssignableTo(typeof(ICommandMessage)) ? "command" : "event",
                ["x-publisher"] = Publisher,
                ["x-consumers"] = new JsonArray([.. Consumers.Select(c => JsonValue.Create(c))]),
            };
            foreach (var (keyword, value) in MessageSchema.Of(Type))
            {
                schema[keyword] = value?.DeepClone();
            }

            return schema;
        }
    }

    /// <summary>Every message in a Contracts assembly of the running shop's modules, also those that nobody handles.</summary>
    public static IReadOnlyList<EventContract> AllOf(IServiceProvider shop)
    {
        var registry = shop.GetRequiredService<ModuleRegistry>();
        var (modules, departed) = (registry.Modules, registry.Departed.Select(m => m.Manifest).ToList());
        var created = modules.ToDictionary(m => m.Name, m => TypesCreatedBy(m.Module.GetType().Assembly), StringComparer.Ordinal);
        var subscriptions = shop.GetServices<Subscription>().Where(s => created.ContainsKey(s.Module)).ToLookup(s => s.MessageType, s => s.Module);
        return
        [
            .. modules.Select(m => Assembly.Load($"{m.Module.GetType().Assembly.GetName().Name}.Contracts")).Concat(registry.Departed.Select(m => m.Contracts)).SelectMany(a => a.GetTypes())
                .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IMessage)))
                .Select(t => new EventContract(
                    MessageTypes.NameOf(t), t,
                    string.Join(", ", created.Where(c => c.Value.Contains(t.FullName!)).Select(c => c.Key)
                        .Concat(departed.Where(m => m.Sends.Contains(MessageTypes.NameOf(t), StringComparer.Ordinal)).Select(m => m.Module)).Order(StringComparer.Ordinal)),
                    [.. subscriptions[t].Concat(departed.Where(m => m.Takes.Contains(MessageTypes.NameOf(t), StringComparer.Ordinal)).Select(m => m.Module)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]))
                .OrderBy(c => c.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Who calls a record's constructor publishes it: a handler is given what it gets.</summary>
    private static HashSet<string> TypesCreatedBy(Assembly module)
    {
        using var file = new PEReader(File.OpenRead(module.Location));
        var metadata = file.GetMetadataReader();
        return metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(m => m.Parent.Kind is HandleKind.TypeReference && metadata.StringComparer.Equals(m.Name, ".ctor"))
            .Select(m => metadata.GetTypeReference((TypeReferenceHandle)m.Parent))
            .Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}")
            .ToHashSet(StringComparer.Ordinal);
    }
}
