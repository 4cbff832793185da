using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModularShop.Facade;

/// <summary>Shows bodies without what is secret or personal in them: of that, only whether the two sides have the same.</summary>
internal sealed class Masking(ShadowRules rules)
{
    public const string Same = "•••";
    public const string Differs = "•••(differs)";

    private const int LongestValue = 200;
    private const int LongestBody = 16 * 1024;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<string> _masked = new(rules.MaskedFields, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a word of the name, as in <c>cardNumber</c>, <c>card_number</c> or <c>CardNumber</c>, is one of those that are masked.</summary>
    public bool Hides(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            // Also the last of several capitals starts a word, as in HTTPToken.
            var ends = i == name.Length || !char.IsLetterOrDigit(name[i])
                || (char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))));
            if (ends)
            {
                if (IsMasked(name[start..i].Trim('_', '-', '.', ' ')))
                {
                    return true;
                }

                start = i;
            }
        }

        return _masked.Contains(name);
    }

    public string Body(Answer answer, Answer other)
    {
        using var json = answer.ReadJson();
        using var others = other.ReadJson();
        return json is not null ? Cut(Write(json.RootElement, others?.RootElement), LongestBody)
            : answer.Body.IsEmpty ? ""
            : string.Create(CultureInfo.InvariantCulture, $"({answer.Body.Length} bytes of {answer.ContentType ?? "no content type"}: what is no JSON cannot be masked, and is not shown)");
    }

    /// <summary>As JSON text.</summary>
    public string Write(JsonElement value, JsonElement? other)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            Write(writer, value, other);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>A path and its query, whose values are masked as fields are.</summary>
    public string Target(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..(query + 1)] + string.Join('&', target[(query + 1)..].Split('&').Select(pair =>
        {
            var name = pair.Split('=', 2)[0];
            return name.Length < pair.Length && Hides(Uri.UnescapeDataString(name)) ? $"{name}={Same}" : pair;
        }));
    }

    public static string Cut(string text, int most = LongestValue) => text.Length <= most ? text : $"{text.AsSpan(0, most)}…";

    private bool IsMasked(string word) => _masked.Contains(word) || (word.EndsWith('s') && _masked.Contains(word[..^1]));

    private void Write(Utf8JsonWriter writer, JsonElement value, JsonElement? other)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    JsonElement? others = other is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(member.Name, out var found) ? found : null;
                    if (Hides(member.Name))
                    {
                        writer.WriteStringValue(others is { } same && JsonElement.DeepEquals(member.Value, same) ? Same : Differs);
                    }
                    else
                    {
                        Write(writer, member.Value, others);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                var theirs = other is { ValueKind: JsonValueKind.Array } array ? array : default;
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    Write(writer, element, theirs.ValueKind is JsonValueKind.Array && index < theirs.GetArrayLength() ? theirs[index] : null);
                    index++;
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
