using System.Text.Json;

namespace ModularShop.Facade;

/// <remarks>What answers in the mode Shadow are compared by.</remarks>
internal sealed partial class RoutingFile
{
    private ShadowRules Shadow(string key, JsonElement value)
    {
        var rules = ShadowRules.Default;
        foreach (var property in Properties(value, key, "IgnoredFields", "Headers", "MaskedFields"))
        {
            var propertyKey = $"{key}:{property.Name}";
            rules = property.Name switch
            {
                "IgnoredFields" => rules.With(Fields(propertyKey, property.Value)),
                "Headers" => rules with { Headers = Words(propertyKey, property.Value, "the name of a header") },
                _ => rules with { MaskedFields = Words(propertyKey, property.Value, "a word of letters and digits") },
            };
        }

        return rules;
    }

    private List<FieldPath> Fields(string key, JsonElement value)
    {
        var fields = new List<FieldPath>();
        foreach (var (itemKey, text) in Texts(key, value, "[ \"items[*].next\" ]"))
        {
            if (FieldPath.Parse(text) is { } field)
            {
                fields.Add(field);
            }
            else
            {
                Error(itemKey, $"'{text}' names no field: names, '*' for any member and '[*]' for any element are wanted, as in \"items[*].next\".");
            }
        }

        return fields;
    }

    private List<string> Words(string key, JsonElement value, string what)
    {
        var words = new List<string>();
        foreach (var (itemKey, text) in Texts(key, value, "[ \"email\" ]"))
        {
            Check(text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || (what.EndsWith("header", StringComparison.Ordinal) && c is '-' or '_')), itemKey, $"'{text}' is not {what}.");
            words.Add(text);
        }

        return words;
    }

    private List<(string Key, string Text)> Texts(string key, JsonElement value, string example)
    {
        var texts = new List<(string, string)>();
        if (value.ValueKind is not JsonValueKind.Array)
        {
            Error(key, $"A list of texts is wanted, as in {example}.");
            return texts;
        }

        foreach (var item in value.EnumerateArray())
        {
            var itemKey = $"{key}:{texts.Count}";
            texts.Add((itemKey, Text(itemKey, item) ?? ""));
        }

        // What is no text has been named.
        return texts.FindAll(t => !_errors.Exists(e => e.Key == t.Item1));
    }
}
