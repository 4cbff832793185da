using System.Text.Json;

namespace ModularShop.Facade;

/// <summary>Every revision of the routing of this node, a line each, oldest first.</summary>
internal sealed class RoutingHistory(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Path => path;

    public IReadOnlyList<RoutingRevision> Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var revisions = new List<RoutingRevision>();
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                if (JsonSerializer.Deserialize<RoutingRevision>(line, Json) is { Text: not null } revision)
                {
                    revisions.Add(revision);
                }
            }
            catch (JsonException)
            {
                // A process was killed while it wrote the line: that change never took effect.
            }
        }

        return revisions;
    }

    /// <summary>On disk when it returns.</summary>
    public void Append(RoutingRevision revision)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
            {
                // What a killed process left of its line stays alone on it.
                file.WriteByte((byte)'\n');
            }
        }

        file.Seek(0, SeekOrigin.End);
        JsonSerializer.Serialize(file, revision, Json);
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }
}
