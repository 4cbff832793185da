using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Contracts;
using ModularShop.Messaging;
using ModularShop.Modularity.Modules;

namespace Modules.Tests.Events;

/// <summary>A message between modules as the code has it now: its record, who sends it and who handles it.</summary>
internal sealed record EventContract(string Name, Type Type, string Publisher, IReadOnlyList<string> Consumers)
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
        var modules = shop.GetRequiredService<ModuleRegistry>().Modules;
        var created = modules.ToDictionary(m => m.Name, m => TypesCreatedBy(m.Module.GetType().Assembly), StringComparer.Ordinal);
        var subscriptions = shop.GetServices<Subscription>().Where(s => created.ContainsKey(s.Module)).ToLookup(s => s.MessageType, s => s.Module);
        return
        [
            .. modules.Select(m => Assembly.Load($"{m.Module.GetType().Assembly.GetName().Name}.Contracts")).SelectMany(a => a.GetTypes())
                .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IMessage)))
                .Select(t => new EventContract(
                    MessageTypes.NameOf(t), t,
                    string.Join(", ", created.Where(c => c.Value.Contains(t.FullName!)).Select(c => c.Key).Order(StringComparer.Ordinal)),
                    [.. subscriptions[t].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]))
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
