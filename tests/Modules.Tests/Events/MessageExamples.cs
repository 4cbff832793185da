using System.Text.Json.Nodes;

namespace Modules.Tests.Events;

/// <summary>Messages made up from a schema: with every value of every enum, and with as little as is allowed.</summary>
internal static class MessageExamples
{
    public static IEnumerable<string> Of(JsonObject schema)
    {
        var longestEnum = Enums(schema).Append(1).Max();
        for (var variant = 0; variant < longestEnum; variant++)
        {
            yield return Whole(schema, variant)!.ToJsonString();
        }

        yield return Least(schema)!.ToJsonString();
    }

    private static JsonNode? Whole(JsonObject schema, int variant) => Make(schema, variant, node => Whole(node, variant), (_, _) => true);

    private static JsonNode? Least(JsonObject schema) => IsNullable(schema)
        ? null
        : Make(schema, 0, Least, static (owner, field) => owner["required"] is JsonArray required && required.Any(r => r!.GetValue<string>() == field));

    private static JsonNode? Make(JsonObject schema, int variant, Func<JsonObject, JsonNode?> inner, Func<JsonObject, string, bool> takes)
    {
        if (schema["enum"] is JsonArray values)
        {
            var named = values.Where(v => v is not null).ToList();
            return named[variant % named.Count]!.DeepClone();
        }

        return TypeOf(schema) switch
        {
            "object" when schema["additionalProperties"] is JsonObject value => new JsonObject { ["key"] = inner(value) },
            "object" => new JsonObject(schema["properties"]!.AsObject().Where(p => takes(schema, p.Key))
                .Select(p => KeyValuePair.Create(p.Key, p.Value is JsonObject field ? inner(field) : JsonValue.Create("anything")))),
            "array" => new JsonArray(schema["items"] is JsonObject item ? inner(item) : JsonValue.Create("anything")),
            "integer" or "number" => 1,
            "boolean" => true,
            _ => (string?)schema["format"] switch
            {
                "uuid" => "0190a0a0-0000-7000-8000-000000000001",
                "date-time" => "2026-01-31T12:00:00.123456+00:00",
                "date" => "2026-01-31",
                "time" => "12:00:00",
                "uri" => "https://example.org/",
                _ => "text", // which is base64 too
            },
        };
    }

    private static string TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => several.Select(t => t!.GetValue<string>()).First(t => t != "null"),
        JsonNode one => one.GetValue<string>(),
        null => "string",
    };

    private static bool IsNullable(JsonObject schema) =>
        (schema["type"] is JsonArray types && types.Any(t => t!.GetValue<string>() == "null")) || (schema["enum"] is JsonArray values && values.Contains(null));

    private static IEnumerable<int> Enums(JsonNode? node) => node switch
    {
        JsonObject schema => schema.SelectMany(p => p is { Key: "enum", Value: JsonArray values } ? [values.Count] : Enums(p.Value)),
        JsonArray several => several.SelectMany(Enums),
        _ => [],
    };
}
