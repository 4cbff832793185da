using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularShop.Facade;

/// <summary>Edits a routing file as a person would: one key, and nothing else.</summary>
internal static class RoutingEditor
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Set(string text, FacadeEndpoint endpoint, RouteChange change)
    {
        var (root, endpoints) = Open(text);
        var node = new JsonObject { ["Mode"] = change.Mode };
        if (change.Percent is { } percent)
        {
            node["Percent"] = percent;
        }

        if (change.TimeoutSeconds is { } timeout)
        {
            node["TimeoutSeconds"] = timeout;
        }

        if (change.Fallback is { } fallback)
        {
            node["Fallback"] = fallback;
        }

        // Which fields may differ is nothing that a route by the API says; it stays.
        var before = endpoints.LastOrDefault(e => string.Equals(e.Key, endpoint.Name, StringComparison.OrdinalIgnoreCase)).Value as JsonObject;
        if (before?["IgnoredFields"] is { } ignored)
        {
            node["IgnoredFields"] = ignored.DeepClone();
        }

        // A key in another case is the same endpoint's.
        foreach (var key in endpoints.Select(e => e.Key).Where(k => string.Equals(k, endpoint.Name, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            endpoints.Remove(key);
        }

        endpoints[endpoint.Name] = node.Count == 1 ? JsonValue.Create(change.Mode) : node;
        return root.ToJsonString(Indented);
    }

    /// <summary>Everything back to the monolith; where the services are stays known.</summary>
    public static string Home(string text)
    {
        var (root, endpoints) = Open(text);
        endpoints.Clear();
        return root.ToJsonString(Indented);
    }

    private static (JsonNode Root, JsonObject Endpoints) Open(string text)
    {
        var root = JsonNode.Parse(text, documentOptions: Lenient)!.AsObject();
        var facade = root["Facade"]!.AsObject();
        if (facade["Endpoints"] is not JsonObject endpoints)
        {
            facade["Endpoints"] = endpoints = [];
        }

        return (root, endpoints);
    }
}
