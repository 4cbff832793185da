using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModularShop.Cli.Extract;

/// <summary>Puts one entry into a JSON text of somebody else's, whose other bytes, comments among them, stay.</summary>
internal static class JsonEntry
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The text with the entry behind those that its object has; null where an entry of this path is there.</returns>
    /// <exception cref="JsonException">It is no JSON object, or something on the path is none.</exception>
    public static string? Insert(string text, IReadOnlyList<string> path, object value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (depth, at, isEmpty, hasComma) = Find(bytes, path);
        if (depth == path.Count)
        {
            return null;
        }

        var indent = new string(' ', 2 * (depth + 1));
        var entry = new StringBuilder(isEmpty || hasComma ? "" : ",").Append('\n').Append(indent);
        for (var i = depth; i < path.Count - 1; i++)
        {
            entry.Append($"\"{path[i]}\": {{ ");
        }

        entry.Append($"\"{path[^1]}\": {OnOneLine(value)}");
        for (var i = depth; i < path.Count - 1; i++)
        {
            entry.Append(" }");
        }

        var with = Encoding.UTF8.GetString(bytes.AsSpan(0, at)) + entry + (isEmpty ? $"\n{indent[2..]}" : "") + Encoding.UTF8.GetString(bytes.AsSpan(at));
        // A comment between a value and its comma would make two commas of one.
        using var _ = JsonDocument.Parse(with, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return with;
    }

    /// <summary>How far the path exists; and of its last object where the entry goes: behind the last of its values.</summary>
    private static (int Depth, int At, bool IsEmpty, bool HasComma) Find(byte[] bytes, IReadOnlyList<string> path)
    {
        var reader = new Utf8JsonReader(bytes, Lenient);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException("It is no JSON object.");
        }

        var depth = 0;
        var (at, isEmpty) = ((int)reader.BytesConsumed, true);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject)
        {
            var isOnPath = string.Equals(reader.GetString(), path[depth], StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (!isOnPath)
            {
                reader.Skip();
                (at, isEmpty) = ((int)reader.BytesConsumed, false);
                continue;
            }

            if (++depth == path.Count)
            {
                return (depth, 0, IsEmpty: false, HasComma: false);
            }

            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                throw new JsonException($"'{string.Join(':', path.Take(depth))}' is no object.");
            }

            (at, isEmpty) = ((int)reader.BytesConsumed, true);
        }

        var rest = bytes.AsSpan(at).TrimStart(" \t\r\n"u8);
        return rest.StartsWith(","u8) ? (depth, bytes.Length - rest.Length + 1, isEmpty, HasComma: true) : (depth, at, isEmpty, HasComma: false);
    }

    /// <summary>As the settings of the shop are written: <c>{ "Provider": "Sqlite" }</c>.</summary>
    private static string OnOneLine(object value)
    {
        using var document = JsonSerializer.SerializeToDocument(value, Written);
        return Spaced(document.RootElement);
    }

    private static string Spaced(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{ {string.Join(", ", element.EnumerateObject().Select(p => $"\"{p.Name}\": {Spaced(p.Value)}"))} }}",
        JsonValueKind.Array => $"[ {string.Join(", ", element.EnumerateArray().Select(Spaced))} ]",
        _ => element.GetRawText(),
    };
}
