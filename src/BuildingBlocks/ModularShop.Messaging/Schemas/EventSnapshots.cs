using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularShop.Messaging.Schemas;

/// <summary>The schemas that are kept of every version of every message, one file each: <c>Catalog.ProductPriceChanged.v1.json</c>.</summary>
public sealed partial class EventSnapshots(string folder)
{
    public const string WriteCommand = "./shop docs";

    /// <summary>
    /// What differs between the messages and their snapshots, to be read by whoever changed a message; null where nothing does.
    /// With <paramref name="write"/>, what breaks nobody is written first; what breaks somebody is refused.
    /// </summary>
    public string? Check(IReadOnlyList<EventContract> messages, bool write)
    {
        var refused = new List<string>();
        var outdated = new List<string>();
        var files = ReadAll();
        foreach (var message in messages)
        {
            CheckOldVersions(message, files.Where(f => f.Name == message.Name).Select(f => f.Version).ToHashSet(), refused);
            if (CheckNewest(message, refused) is { } difference)
            {
                outdated.Add(difference);
                if (write)
                {
                    Directory.CreateDirectory(folder);
                    File.WriteAllText(PathOf(message.Name, message.Version), MessageSchema.Text(message.Schema));
                }
            }
        }

        foreach (var gone in files.Where(f => !messages.Any(m => m.Name == f.Name)).DistinctBy(f => f.Name, StringComparer.Ordinal))
        {
            refused.Add(
                $"{gone.Name} is no message any more, or has another name.\n  Breaks: {Consumers(File.ReadAllText(PathOf(gone.Name, gone.Version)))}\n"
                + $"  Way out: keep the record until no such message is left in any outbox or inbox; then delete {gone.Name}.v*.json.");
        }

        if (!write && outdated.Count > 0)
        {
            refused.Add($"What {(refused.Count == 0 ? "" : "else ")}has changed breaks no consumer:\n\n{string.Join("\n\n", outdated)}\n\nWrite the snapshots anew and commit them:\n  {WriteCommand}");
        }

        return refused.Count == 0 ? null : $"\n{string.Join("\n\n", refused)}\n";
    }

    /// <summary>The snapshots there are, of the newest versions and of old ones.</summary>
    public IReadOnlyList<(string Name, int Version, string Schema)> All() => [.. ReadAll().Select(f => (f.Name, f.Version, File.ReadAllText(PathOf(f.Name, f.Version))))];

    /// <summary>The file of a message's newest version, and what is to be in it.</summary>
    public static (string File, string Text) Newest(EventContract message) => ($"{message.Name}.v{message.Version}.json", MessageSchema.Text(message.Schema));

    private void CheckOldVersions(EventContract message, HashSet<int> versions, List<string> refused)
    {
        if (versions.Count > 0 && versions.Max() > message.Version)
        {
            refused.Add($"{message.Name} is in version {message.Version}, but there is a snapshot of version {versions.Max()}.\n  Way out: versions only rise; put [MessageVersion({versions.Max()})] back.");
        }

        foreach (var missing in Enumerable.Range(message.Oldest, message.Version - message.Oldest).Where(v => !versions.Contains(v)))
        {
            refused.Add(
                $"{message.Name} says that version {missing} is still read, but its snapshot {message.Name}.v{missing}.json is missing.\n"
                + "  Way out: bring the file back from version control; or, once no such message is left in any outbox or inbox, declare "
                + $"[MessageVersion({message.Version}, Oldest = {missing + 1})].");
        }

        foreach (var stale in versions.Where(v => v < message.Oldest).Order())
        {
            refused.Add($"{message.Name}.v{stale}.json is the snapshot of a version that is no longer read: Oldest = {message.Oldest}.\n  Way out: delete the file.");
        }
    }

    /// <summary>How the newest version differs where that breaks nobody; what breaks somebody goes to <paramref name="refused"/>.</summary>
    private string? CheckNewest(EventContract message, List<string> refused)
    {
        var path = PathOf(message.Name, message.Version);
        var title = $"{message.Name}, version {message.Version}";
        if (!File.Exists(path))
        {
            return $"{title}, is new and has no snapshot.";
        }

        var before = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (before == MessageSchema.Text(message.Schema))
        {
            return null;
        }

        var changes = SchemaComparer.Compare(JsonNode.Parse(before)!.AsObject(), message.Schema);
        if (changes.Any(c => c.Breaks))
        {
            refused.Add(
                $"{title}, has changed so that its consumers break.\n{Lines(changes.Where(c => c.Breaks))}\n"
                + $"  Breaks: {Consumers(before, message.Consumers)}\n  Way out: take the change back; or (docs/events.md)\n"
                + $"    1. put [MessageVersion({message.Version + 1})] on {message.Type.Name},\n"
                + $"    2. add an IUpcaster<{message.Type.Name}> with From => {message.Version} beside it,\n    3. {WriteCommand}");
            return null;
        }

        return $"{title}, has changed.\n{(changes.Count == 0 ? "  - Its publisher, its consumers or its order of fields." : Lines(changes))}\n"
            + $"  Handled by: {Names(message.Consumers)}";
    }

    private static string Lines(IEnumerable<SchemaChange> changes) => string.Join('\n', changes.Select(c => $"  - {c.Text}"));

    private static string Consumers(string snapshot, params IEnumerable<string> now)
    {
        var before = JsonNode.Parse(snapshot)!["x-consumers"]!.AsArray().Select(c => c!.GetValue<string>());
        return $"{Names([.. before.Union(now, StringComparer.Ordinal).Order(StringComparer.Ordinal)])}; and every such message that is still on its way.";
    }

    private static string Names(IReadOnlyList<string> consumers) => consumers.Count == 0 ? "no module of this shop" : string.Join(", ", consumers);

    private List<(string Name, int Version)> ReadAll() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(f => FileName.Match(Path.GetFileName(f)))
            .Select(m => m.Success ? (m.Groups["name"].Value, int.Parse(m.Groups["version"].Value, CultureInfo.InvariantCulture))
                : throw new InvalidOperationException($"A file in {folder} is not called <Module>.<Type>.v<n>.json.")),
    ];

    private string PathOf(string name, int version) => Path.Combine(folder, $"{name}.v{version}.json");

    [GeneratedRegex(@"^(?<name>.+)\.v(?<version>[1-9][0-9]{0,3})\.json$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileName { get; }
}
