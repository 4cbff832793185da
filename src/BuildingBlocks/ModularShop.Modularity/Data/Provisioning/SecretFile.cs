using System.Text.Json;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Data;

/// <summary>A configuration file with passwords in it: its owner alone reads it.</summary>
internal sealed class SecretFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly string _before;

    private SecretFile(string path, JsonObject content)
    {
        (Path, Content) = (path, content);
        _before = content.ToJsonString(Indented);
    }

    public string Path { get; }

    public JsonObject Content { get; }

    /// <summary>What is there already, where it is; what is not of the program stays.</summary>
    /// <exception cref="StartException">It cannot be read.</exception>
    public static SecretFile Read(string path)
    {
        try
        {
            return new SecretFile(path, !File.Exists(path) ? [] : JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("It is no JSON object."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StartException($"{path} cannot be read: {e.Message} Mend it, or name another file (--Provisioning:File).", e);
        }
    }

    public string? Find(params ReadOnlySpan<string> keys)
    {
        JsonNode? node = Content;
        foreach (var key in keys)
        {
            node = (node as JsonObject)?[key];
        }

        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }

    public JsonObject Section(string key)
    {
        if (Content[key] is not JsonObject section)
        {
            Content[key] = section = [];
        }

        return section;
    }

    /// <summary>The whole file at once, so that nobody reads half of it.</summary>
    /// <exception cref="StartException">It cannot be written.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = Content.ToJsonString(Indented);
        if (text == _before && File.Exists(Path))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var draft = $"{Path}.{Guid.CreateVersion7():N}";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            await using (var writer = new StreamWriter(draft, options))
            {
                await writer.WriteLineAsync(text.AsMemory(), cancellationToken);
            }

            File.Move(draft, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            throw new StartException($"{Path} cannot be written: {e.Message} Make its folder writable, or name another file (--Provisioning:File).", e);
        }
    }
}
