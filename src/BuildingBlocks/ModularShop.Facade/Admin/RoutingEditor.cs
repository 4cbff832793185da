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
        // A plan that goes on by itself would take back what somebody sets by hand: it goes.
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
        if (Take(endpoints, endpoint)["IgnoredFields"] is { } ignored)
        {
            node["IgnoredFields"] = ignored.DeepClone();
        }

        endpoints[endpoint.Name] = node.Count == 1 ? JsonValue.Create(change.Mode) : node;
        return root.ToJsonString(Indented);
    }

    /// <summary>Gives an endpoint another mode; its timeout and what else is said of it stay. A plan goes: it would take the mode back.</summary>
    public static string Send(string text, FacadeEndpoint endpoint, Mode mode)
    {
        var (root, endpoints) = Open(text);
        var node = Take(endpoints, endpoint);
        node["Mode"] = mode.ToString();
        node.Remove("Percent");
        node.Remove("Rollout");
        endpoints[endpoint.Name] = node.Count == 1 ? JsonValue.Create(mode.ToString()) : node;
        return root.ToJsonString(Indented);
    }

    /// <summary>Gives an endpoint a plan; where it is, it stays.</summary>
    public static string Plan(string text, FacadeEndpoint endpoint, JsonObject plan)
    {
        var (root, endpoints) = Open(text);
        var node = Take(endpoints, endpoint);
        node["Rollout"] = plan.DeepClone();
        endpoints[endpoint.Name] = node;
        return root.ToJsonString(Indented);
    }

    /// <summary>Takes an endpoint that has a plan to one of its steps; null is the monolith.</summary>
    public static string Move(string text, FacadeEndpoint endpoint, RolloutStep? step, RolloutState state, string? because = null)
    {
        var (root, endpoints) = Open(text);
        var node = Take(endpoints, endpoint);
        var mode = step is not { } to ? Mode.Monolith : to == RolloutStep.Shadow ? Mode.Shadow : to == RolloutStep.All ? Mode.Service : Mode.Canary;
        node["Mode"] = mode.ToString();
        node.Remove("Percent");
        if (mode is Mode.Canary)
        {
            node["Percent"] = step!.Value.Percent;
        }

        var plan = node["Rollout"]!.AsObject();
        plan["State"] = state.ToString();
        plan.Remove("Because");
        if (because is not null)
        {
            plan["Because"] = because;
        }

        endpoints[endpoint.Name] = node;
        return root.ToJsonString(Indented);
    }

    /// <summary>Everything back to the monolith; where the services are stays known.</summary>
    public static string Home(string text)
    {
        var (root, endpoints) = Open(text);
        endpoints.Clear();
        return root.ToJsonString(Indented);
    }

    /// <summary>What is there of an endpoint, under its name in whatever case, taken out.</summary>
    private static JsonObject Take(JsonObject endpoints, FacadeEndpoint endpoint)
    {
        JsonNode? node = null;
        foreach (var key in endpoints.Select(e => e.Key).Where(k => string.Equals(k, endpoint.Name, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            node = endpoints[key];
            endpoints.Remove(key);
        }

        return node as JsonObject ?? new JsonObject { ["Mode"] = node?.DeepClone() ?? nameof(Mode.Monolith) };
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
