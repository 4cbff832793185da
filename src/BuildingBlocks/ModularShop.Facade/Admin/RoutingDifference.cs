using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularShop.Facade;

/// <summary>
/// What two routing files say differently, in words. They are compared as they are written: an old one may name endpoints
/// and settings that are no longer known.
/// </summary>
internal static class RoutingDifference
{
    private const string Endpoints = "Endpoints";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="before">Null where there was none: everything was at the monolith.</param>
    public static IReadOnlyList<string> Between(string? before, string after)
    {
        var (old, now) = (Facade(before), Facade(after));
        return
        [
            .. Pairs(old[Endpoints], now[Endpoints]).SelectMany(e => Line(e.Name, Route(e.Old, e.New), Route(e.New, e.Old))),
            .. Pairs(old, now).Where(s => s.Name != Endpoints)
                .SelectMany(s => Pairs(s.Old, s.New).SelectMany(m => Line($"{s.Name}:{m.Name}", Words(m.Old), Words(m.New)))),
        ];
    }

    private static JsonObject Facade(string? text)
    {
        try
        {
            return text is null ? [] : (JsonNode.Parse(text, documentOptions: Lenient) as JsonObject)?["Facade"] as JsonObject ?? [];
        }
        catch (JsonException)
        {
            // Nothing like it takes effect; who writes it into the table by hand gets an answer all the same.
            return [];
        }
    }

    private static IEnumerable<string> Line(string name, string old, string now) => old == now ? [] : [$"{name}: {old} -> {now}"];

    /// <summary>An endpoint's mode, and of its settings those that the other file has otherwise.</summary>
    private static string Route(JsonNode? route, JsonNode? other)
    {
        var members = Members(route);
        var mode = (route is JsonObject ? members.GetValueOrDefault("Mode") : route) is { } named ? Words(named) : nameof(Mode.Monolith);
        var known = Array.Find(Enum.GetNames<Mode>(), n => string.Equals(n, mode, StringComparison.OrdinalIgnoreCase)) ?? mode;
        var percent = members.GetValueOrDefault("Percent") is { } p ? $" {Words(p)} %" : "";
        var others = Members(other);
        return known + percent + string.Concat(members
            .Where(m => m.Key is not ("Mode" or "Percent") && !JsonNode.DeepEquals(m.Value, others.GetValueOrDefault(m.Key)))
            .Select(m => $", {m.Key} {Words(m.Value)}"));
    }

    private static string Words(JsonNode? value) => value switch
    {
        null => "nothing",
        JsonObject o => string.Join("; ", o.Select(m => m.Value is JsonObject ? $"{m.Key} ({Words(m.Value)})" : $"{m.Key} {Words(m.Value)}")),
        JsonArray a => string.Join(", ", a.Select(Words)),
        _ => value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
    };

    /// <summary>What either has, by name in any case.</summary>
    private static IEnumerable<(string Name, JsonNode? Old, JsonNode? New)> Pairs(JsonNode? old, JsonNode? now)
    {
        var (left, right) = (Members(old), Members(now));
        return right.Keys.Union(left.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => (name, left.GetValueOrDefault(name), right.GetValueOrDefault(name)));
    }

    private static Dictionary<string, JsonNode?> Members(JsonNode? node) =>
        (node as JsonObject ?? []).ToDictionary(m => m.Key, m => m.Value, StringComparer.OrdinalIgnoreCase);
}
