using System.Text.Json.Nodes;
using ModularShop.Messaging;
using ModularShop.Messaging.Schemas;

namespace Modules.Tests.Events;

internal static class Unreadable
{
    /// <summary>
    /// Messages made up from every snapshot, each read as a message of that version on its way would be: what cannot be
    /// read; none where everything can.
    /// </summary>
    public static IReadOnlyList<string> Of(EventSnapshots snapshots, IReadOnlyList<EventContract> messages, MessageTypes types)
    {
        var unreadable = new List<string>();
        foreach (var (name, version, schema) in snapshots.All().Where(f => messages.Any(m => m.Name == f.Name)))
        {
            foreach (var example in MessageExamples.Of(JsonNode.Parse(schema)!.AsObject()))
            {
                try
                {
                    types.Read(new Envelope(Guid.CreateVersion7(), "", name, version, "", new Sequence(1, 0), default, null, example));
                }
                catch (Exception e)
                {
                    unreadable.Add($"\n{name}, version {version}: a message such as\n    {example}\n  can no longer be read: {e.Message}\n  Way out: mend or add the upcaster (docs/events.md).");
                    break;
                }
            }
        }

        return unreadable;
    }
}
