using System.Text.Json.Nodes;

namespace ModularShop.Messaging.Schemas;

/// <summary>One difference between two shapes of a message.</summary>
/// <param name="Breaks">A message of the one shape cannot be read as the other, or means something else.</param>
internal sealed record SchemaChange(string Text, bool Breaks);

/// <summary>
/// What has changed from one schema to another. Whatever this does not understand breaks: a change that is let
/// through here is found again by a customer.
/// </summary>
internal sealed class SchemaComparer
{
    private static readonly HashSet<string> Compared = new(StringComparer.Ordinal)
    {
        "type", "format", "enum", "default", "properties", "required", "items", "additionalProperties",
    };

    private static readonly HashSet<string> ForPeople = new(StringComparer.Ordinal) { "$schema", "title", "description", "x-kind", "x-publisher", "x-consumers" };

    private readonly List<SchemaChange> _changes = [];

    public static IReadOnlyList<SchemaChange> Compare(JsonObject before, JsonObject now)
    {
        var comparer = new SchemaComparer();
        comparer.CompareNode("", before, now);
        return comparer._changes;
    }

    private void CompareNode(string path, JsonNode? before, JsonNode? now)
    {
        if (JsonNode.DeepEquals(before, now))
        {
            return;
        }

        if (before is not JsonObject was || now is not JsonObject isNow)
        {
            Breaks($"{Field(path)} allowed {before?.ToJsonString() ?? "anything"} and now allows {now?.ToJsonString() ?? "anything"}.");
            return;
        }

        if (TypeOf(was) != TypeOf(isNow))
        {
            CompareType(path, was, isNow);
            return;
        }

        CompareNullability(path, was, isNow);
        CompareDefault(path, was, isNow);
        CompareEnum(path, was, isNow);
        CompareProperties(path, was, isNow);
        CompareNode($"{path}[]", was["items"], isNow["items"]);
        CompareNode($"{path}{{}}", was["additionalProperties"], isNow["additionalProperties"]);
        foreach (var keyword in was.Concat(isNow).Select(p => p.Key).Distinct(StringComparer.Ordinal).Where(k => !Compared.Contains(k) && !ForPeople.Contains(k)))
        {
            if (!JsonNode.DeepEquals(was[keyword], isNow[keyword]))
            {
                Breaks($"{Field(path)}: {keyword} was {was[keyword]?.ToJsonString() ?? "absent"} and is {isNow[keyword]?.ToJsonString() ?? "absent"}.");
            }
        }
    }

    private void CompareType(string path, JsonObject was, JsonObject now)
    {
        CompareNullability(path, was, now);
        if (TypeOf(was) == "integer (int32)" && TypeOf(now) == "integer (int64)")
        {
            Bears($"{Field(path)} was an integer (int32) and is an integer (int64): a consumer that is deployed apart must be deployed before it is sent.");
        }
        else
        {
            Breaks($"{Field(path)} was {Article(TypeOf(was))} and is {Article(TypeOf(now))}.");
        }
    }

    private void CompareNullability(string path, JsonObject was, JsonObject now)
    {
        if (IsNullable(was) && !IsNullable(now))
        {
            Breaks($"{Field(path)} could be null and no longer can: a message that was sent with null is no longer read.");
        }
        else if (!IsNullable(was) && IsNullable(now))
        {
            Bears($"{Field(path)} can be null now: a consumer that is deployed apart must be deployed before null is sent.");
        }
    }

    private void CompareDefault(string path, JsonObject was, JsonObject now)
    {
        if (was.TryGetPropertyValue("default", out var before) && now.TryGetPropertyValue("default", out var after) && !JsonNode.DeepEquals(before, after))
        {
            Bears($"{Field(path)}, where a message lacks it, was {before?.ToJsonString() ?? "null"} and is {after?.ToJsonString() ?? "null"}.");
        }
    }

    private void CompareEnum(string path, JsonObject was, JsonObject now)
    {
        var before = ValuesOf(was);
        var after = ValuesOf(now);
        var added = after.Except(before, StringComparer.Ordinal).ToList();
        var removed = before.Except(after, StringComparer.Ordinal).ToList();
        if (removed.Count == 1 && added.Count == 1)
        {
            Breaks($"{Field(path)}: the value \"{removed[0]}\" has been removed, or renamed to \"{added[0]}\".");
            return;
        }

        foreach (var value in removed)
        {
            Breaks($"{Field(path)}: the value \"{value}\" has been removed.");
        }

        foreach (var value in added)
        {
            Bears($"{Field(path)}: the value \"{value}\" is new; a consumer that switches over {LastOf(path)} must know it before it is sent.");
        }
    }

    private void CompareProperties(string path, JsonObject was, JsonObject now)
    {
        var before = PropertiesOf(was);
        var after = PropertiesOf(now);
        var added = after.Keys.Except(before.Keys, StringComparer.Ordinal).ToList();
        var gone = before.Keys.Except(after.Keys, StringComparer.Ordinal).ToList();
        foreach (var removed in gone)
        {
            var renamed = added.Find(name => JsonNode.DeepEquals(before[removed], after[name]))
                ?? (gone.Count == 1 && added.Count == 1 && TypeOf(before[removed]) == TypeOf(after[added[0]]) ? added[0] : null);
            if (renamed is null)
            {
                Breaks($"{Field(Join(path, removed))} has been removed.");
                continue;
            }

            Breaks($"{Field(Join(path, removed))} has been removed, or renamed to {renamed}, which is of the same type.");
            added.Remove(renamed);
            CompareNode(Join(path, renamed), before[removed], after[renamed]);
        }

        foreach (var name in added)
        {
            if (IsRequired(now, name))
            {
                Breaks($"{Field(Join(path, name))} is new and required: a message that was sent without it is no longer read.");
            }
            else if (after[name] is JsonObject field && !IsNullable(field) && !field.ContainsKey("default"))
            {
                Breaks($"{Field(Join(path, name))} is new, may be absent, and has no value then: make it nullable, or give the parameter a default.");
            }
            else
            {
                Bears($"{Field(Join(path, name))} is new and optional.");
            }
        }

        foreach (var name in before.Keys.Intersect(after.Keys, StringComparer.Ordinal))
        {
            if (!IsRequired(was, name) && IsRequired(now, name))
            {
                Breaks($"{Field(Join(path, name))} was optional and is required: a message that was sent without it is no longer read.");
            }
            else if (IsRequired(was, name) && !IsRequired(now, name))
            {
                Bears($"{Field(Join(path, name))} was required and is optional: a consumer that is deployed apart must be deployed before it is left out.");
            }

            CompareNode(Join(path, name), before[name], after[name]);
        }
    }

    private void Breaks(string text) => _changes.Add(new SchemaChange(text, Breaks: true));

    private void Bears(string text) => _changes.Add(new SchemaChange(text, Breaks: false));

    private static string TypeOf(JsonNode? node)
    {
        if (node is not JsonObject schema)
        {
            return "anything";
        }

        if (schema.ContainsKey("enum"))
        {
            return "enum";
        }

        var types = schema["type"] switch
        {
            JsonArray several => several.Select(t => t!.GetValue<string>()),
            JsonNode one => [one.GetValue<string>()],
            null => ["anything"],
        };
        var format = schema["format"] is { } f ? $" ({f.GetValue<string>()})" : "";
        return string.Join(" or ", types.Where(t => t != "null").Order(StringComparer.Ordinal)) + format;
    }

    private static bool IsNullable(JsonObject schema) =>
        (schema["type"] is JsonArray types && types.Any(t => t!.GetValue<string>() == "null")) || (schema["enum"] is JsonArray values && values.Contains(null));

    private static List<string> ValuesOf(JsonObject schema) =>
        schema["enum"] is JsonArray values ? [.. values.Where(v => v is not null).Select(v => v!.GetValue<string>())] : [];

    private static Dictionary<string, JsonNode?> PropertiesOf(JsonObject schema) =>
        schema["properties"] is JsonObject properties ? properties.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal) : [];

    private static bool IsRequired(JsonObject schema, string name) =>
        schema["required"] is JsonArray required && required.Any(r => r!.GetValue<string>() == name);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Field(string path) => path.Length == 0 ? "The message" : $"Field {path}";

    private static string LastOf(string path) => path.Split('.')[^1];

    private static string Article(string type) => type is "anything" ? type : $"{(type[0] is 'a' or 'e' or 'i' or 'o' ? "an" : "a")} {type}";
}
