using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace ModularShop.Messaging.Schemas;

/// <summary>The JSON schema of a message, from the record and the options that messages are written with.</summary>
internal static class MessageSchema
{
    private static readonly JsonSchemaExporterOptions Export = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = SayWidth };

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Of(Type type)
    {
        MessageTypes.Json.MakeReadOnly(populateMissingResolver: true);
        var schema = MessageTypes.Json.GetJsonSchemaAsNode(type, Export).AsObject();
        return Inline(type, schema, schema, []).AsObject();
    }

    public static string Text(JsonObject schema) => schema.ToJsonString(Pretty) + "\n";

    /// <summary>The exporter calls every whole number an integer; whether a long still fits is part of a contract.</summary>
    private static JsonNode SayWidth(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (schema is JsonObject node && (type == typeof(int) || type == typeof(long)))
        {
            node["format"] = type == typeof(int) ? "int32" : "int64";
        }

        return schema;
    }

    /// <summary>A type that occurs twice is a pointer to its first place; a reader wants to see it where it stands.</summary>
    private static JsonNode Inline(Type message, JsonObject root, JsonNode node, IReadOnlyList<string> path)
    {
        if (node is JsonArray array)
        {
            return new JsonArray([.. array.Select(item => item is null ? null : Inline(message, root, item, path))]);
        }

        if (node is not JsonObject schema)
        {
            return node.DeepClone();
        }

        var inlined = new JsonObject();
        foreach (var (keyword, value) in schema)
        {
            if (keyword != "$ref")
            {
                inlined[keyword] = value is null ? null : Inline(message, root, value, path);
                continue;
            }

            var pointer = value!.GetValue<string>();
            if (path.Contains(pointer, StringComparer.Ordinal) || pointer == "#")
            {
                throw new NotSupportedException($"{message.Name} contains itself; a message is a tree of values.");
            }

            foreach (var (name, part) in Inline(message, root, Find(root, pointer), [.. path, pointer]).AsObject().ToList())
            {
                inlined[name] = part?.DeepClone();
            }
        }

        return inlined;
    }

    private static JsonNode Find(JsonNode root, string pointer) => pointer.Split('/').Skip(1)
        .Aggregate(root, (node, step) => node is JsonArray list ? list[int.Parse(step)]! : node[step.Replace("~1", "/").Replace("~0", "~")]!);
}
