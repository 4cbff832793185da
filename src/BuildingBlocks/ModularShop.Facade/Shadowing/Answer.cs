using System.Text.Json;

namespace ModularShop.Facade;

/// <summary>What of an answer is compared.</summary>
/// <param name="Headers">Those that matter and are there, by their names in any case.</param>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public string? ContentType => Headers.GetValueOrDefault("Content-Type");

    public static Dictionary<string, string> HeadersOf(IEnumerable<string> names, Func<string, string?> valueOf)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (valueOf(name) is { Length: > 0 } value)
            {
                headers[name] = value;
            }
        }

        return headers;
    }

    /// <summary>Null where the body is no JSON: whatever the content type says.</summary>
    public JsonDocument? ReadJson()
    {
        try
        {
            return Body.IsEmpty ? null : JsonDocument.Parse(Body, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Where two answers differ.</summary>
/// <param name="Path">Of the field, as in <c>items[3].price.amount</c>; <c>status</c>, <c>header ETag</c> or <c>body</c>.</param>
/// <param name="Monolith">As JSON text, masked where it has to be; null where it is missing.</param>
/// <param name="Service">As JSON text, masked where it has to be; null where it is missing.</param>
public sealed record Difference(string Path, string? Monolith, string? Service);
