using System.Globalization;
using System.Text.Json;

namespace ModularShop.Facade;

/// <summary>Reads a routing file as a whole: a definition, or every error there is in it.</summary>
internal sealed partial class RoutingFile
{
    /// <summary>More than any shop needs; what is longer is not a routing file.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    private static readonly string[] LoadBalancings = ["PowerOfTwoChoices", "RoundRobin", "LeastRequests", "Random", "FirstAlphabetical"];

    private readonly EndpointInventory _inventory;
    private readonly List<RoutingError> _errors = [];

    private readonly Func<Uri, string?> _problemOf;

    private RoutingFile(EndpointInventory inventory, Func<Uri, string?> problemOf) => (_inventory, _problemOf) = (inventory, problemOf);

    /// <param name="problemOf">Why a service cannot have an address, or null.</param>
    public static (RoutingDefinition? Definition, IReadOnlyList<RoutingError> Errors) Read(string text, EndpointInventory inventory, Func<Uri, string?> problemOf)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, [new RoutingError("line 1", "The file is empty. To send everything home, write { \"Facade\": {} }.")]);
        }

        try
        {
            using var json = JsonDocument.Parse(text, Lenient);
            var file = new RoutingFile(inventory, problemOf);
            var definition = file.Root(json.RootElement);
            return file._errors.Count == 0 ? (definition, []) : (null, file._errors);
        }
        catch (JsonException e)
        {
            return (null, [new RoutingError($"line {e.LineNumber + 1}", $"This is not JSON: {e.Message.Split(" LineNumber", 2)[0]}")]);
        }
    }

    private RoutingDefinition? Root(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("Facade", out var facade))
        {
            // A section that is missing is an accident, not a wish.
            Error("Facade", "The section is missing. To send everything home, write { \"Facade\": {} }.");
            return null;
        }

        Properties(root, "", "Facade");
        Dictionary<string, ServiceDefinition> services = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, RouteDefinition> endpoints = new(StringComparer.OrdinalIgnoreCase);
        var shadow = ShadowRules.Default;
        foreach (var section in Properties(facade, "Facade", "Services", "Endpoints", "Shadow"))
        {
            if (section.Name == "Shadow")
            {
                shadow = Shadow("Facade:Shadow", section.Value);
                continue;
            }

            foreach (var entry in Properties(section.Value, $"Facade:{section.Name}"))
            {
                var key = $"Facade:{section.Name}:{entry.Name}";
                if (section.Name == "Services" && Service(key, entry) is { } service)
                {
                    services[service.Name] = service;
                }
                else if (section.Name == "Endpoints" && Endpoint(key, entry) is var (endpoint, route))
                {
                    endpoints[endpoint.Name] = route;
                }
            }
        }

        foreach (var (name, route) in endpoints)
        {
            if ((route.Mode is not Mode.Monolith || route.Rollout?.State is RolloutState.Running) && !services.ContainsKey(_inventory.ByName[name].Module)
                && !_errors.Exists(e => e.Key.StartsWith($"Facade:Services:{_inventory.ByName[name].Module}", StringComparison.OrdinalIgnoreCase)))
            {
                Error($"Facade:Endpoints:{name}", $"{(route.Mode is Mode.Monolith ? "A rollout" : $"The mode {route.Mode}")} needs a service, and Facade:Services names none for {_inventory.ByName[name].Module}.");
            }
        }

        return new RoutingDefinition(services, endpoints, shadow);
    }

    private ServiceDefinition? Service(string key, JsonProperty entry)
    {
        var modules = _inventory.Endpoints.Select(e => e.Module).Distinct(StringComparer.Ordinal).ToList();
        var module = modules.Find(m => string.Equals(m, entry.Name, StringComparison.OrdinalIgnoreCase));
        if (module is null)
        {
            Error(key, $"A service bears the name of its module, and there is no module {entry.Name}; there are {string.Join(", ", modules)}.");
        }

        var destinations = new List<Uri>();
        var loadBalancing = LoadBalancings[0];
        foreach (var property in Properties(entry.Value, key, "Destinations", "LoadBalancing"))
        {
            if (property.Name == "Destinations")
            {
                destinations = Destinations($"{key}:Destinations", property.Value);
            }
            else if (Text($"{key}:LoadBalancing", property.Value) is { } policy)
            {
                loadBalancing = Array.Find(LoadBalancings, p => string.Equals(p, policy, StringComparison.OrdinalIgnoreCase)) ?? policy;
                Check(LoadBalancings.Contains(loadBalancing), $"{key}:LoadBalancing", $"'{policy}' is none of {string.Join(", ", LoadBalancings)}.");
            }
        }

        Check(destinations.Count > 0 || _errors.Exists(e => e.Key.StartsWith(key, StringComparison.Ordinal)), $"{key}:Destinations", "At least one address is needed, as in \"https://127.0.0.1:5101\".");
        return module is null ? null : new ServiceDefinition(module, destinations, loadBalancing);
    }

    private List<Uri> Destinations(string key, JsonElement value)
    {
        var destinations = new List<Uri>();
        if (value.ValueKind is not JsonValueKind.Array)
        {
            Error(key, "A list of addresses is wanted, as in [ \"https://127.0.0.1:5101\" ].");
            return destinations;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var itemKey = $"{key}:{index++}";
            if (Text(itemKey, item) is not { } text)
            {
                continue;
            }

            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            {
                Error(itemKey, $"'{text}' is not the address of a service: http or https, host and port are wanted, and nothing behind them.");
            }
            else if (_problemOf(uri) is { } problem)
            {
                Error(itemKey, problem);
            }
            else if (destinations.Contains(uri))
            {
                Error(itemKey, $"{text} is there twice.");
            }
            else
            {
                destinations.Add(uri);
            }
        }

        return destinations;
    }

    private (FacadeEndpoint Endpoint, RouteDefinition Route)? Endpoint(string key, JsonProperty entry)
    {
        if (!_inventory.ByName.TryGetValue(entry.Name, out var endpoint))
        {
            var module = entry.Name.Split('.')[0];
            var near = _inventory.Endpoints.Where(e => string.Equals(e.Module, module, StringComparison.OrdinalIgnoreCase)).Select(e => e.Name).ToList();
            Error(key, $"There is no endpoint {entry.Name}" + (near.Count > 0 ? $"; {module} has {string.Join(", ", near)}." : ". './shop routes list' shows those there are."));
        }

        var route = entry.Value.ValueKind is JsonValueKind.String ? RouteDefinition.AtMonolith with { Mode = ModeOf(key, entry.Value) } : Object(key, entry.Value);
        if (route.Mode is Mode.Shadow && endpoint is { IsSafe: false })
        {
            Error(key, $"{endpoint.Name} ({endpoint}) changes data: asking twice would do it twice. Shadow is for GET.");
        }

        if (route.Rollout is not null && endpoint is { IsSafe: false })
        {
            Error($"{key}:Rollout", $"{endpoint.Name} ({endpoint}) changes data: who owns the data executes it, whatever the mode. A rollout is for GET.");
        }

        return endpoint is null ? null : (endpoint, route);
    }

    private RouteDefinition Object(string key, JsonElement value)
    {
        var route = RouteDefinition.AtMonolith;
        int? percent = null;
        foreach (var property in Properties(value, key, "Mode", "Percent", "TimeoutSeconds", "Fallback", "IgnoredFields", "Rollout"))
        {
            var propertyKey = $"{key}:{property.Name}";
            route = property.Name switch
            {
                "Mode" => route with { Mode = ModeOf(propertyKey, property.Value) },
                "Percent" => route with { Percent = (percent = (int)Number(propertyKey, property.Value, 0, 100, wholeOnly: true)).Value },
                "TimeoutSeconds" => route with { Timeout = TimeSpan.FromSeconds(Number(propertyKey, property.Value, 0.1, 300, wholeOnly: false)) },
                "IgnoredFields" => route with { IgnoredFields = Fields(propertyKey, property.Value) },
                "Rollout" => route with { Rollout = Rollout(propertyKey, property.Value) },
                _ => route with { Fallback = Flag(propertyKey, property.Value) },
            };
        }

        Check(route.Mode is Mode.Canary || percent is null, $"{key}:Percent", $"A percentage belongs to the mode Canary, not to {route.Mode}.");
        Check(route.Mode is not Mode.Canary || percent is not null, $"{key}:Percent", "The mode Canary needs a percentage, 0 to 100.");
        return route;
    }

    private Mode ModeOf(string key, JsonElement value)
    {
        if (Text(key, value) is not { } text)
        {
            return Mode.Monolith;
        }

        // Numbers would be taken for modes too.
        var known = Enum.GetNames<Mode>().FirstOrDefault(n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase));
        Check(known is not null, key, $"'{text}' is none of the modes {string.Join(", ", Enum.GetNames<Mode>())}.");
        var mode = known is null ? Mode.Monolith : Enum.Parse<Mode>(known);
        Check(mode is not Mode.Canary || key.EndsWith(":Mode", StringComparison.Ordinal), key, "The mode Canary needs a percentage: { \"Mode\": \"Canary\", \"Percent\": 10 }.");
        return mode;
    }

    /// <summary>The members of an object; one that is there twice, or that is none of <paramref name="known"/>, is an error.</summary>
    private IEnumerable<JsonProperty> Properties(JsonElement value, string key, params IReadOnlyCollection<string> known)
    {
        if (value.ValueKind is not JsonValueKind.Object)
        {
            Error(key, $"An object is wanted, not {value.ValueKind}.");
            return [];
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var members = new List<JsonProperty>();
        foreach (var member in value.EnumerateObject())
        {
            var memberKey = key.Length == 0 ? member.Name : $"{key}:{member.Name}";
            if (!seen.Add(member.Name))
            {
                Error(memberKey, "The key is there twice.");
            }
            else if (known.Count > 0 && !known.Contains(member.Name, StringComparer.Ordinal))
            {
                Error(memberKey, $"There is no such setting; {(known.Count == 1 ? "there is" : "there are")} {string.Join(", ", known)}.");
            }
            else
            {
                members.Add(member);
            }
        }

        return members;
    }

    private string? Text(string key, JsonElement value)
    {
        Check(value.ValueKind is JsonValueKind.String, key, $"A text is wanted, not {value.ValueKind}.");
        return value.ValueKind is JsonValueKind.String ? value.GetString() : null;
    }

    private bool Flag(string key, JsonElement value)
    {
        Check(value.ValueKind is JsonValueKind.True or JsonValueKind.False, key, $"true or false is wanted, not {value.ValueKind}.");
        return value.ValueKind is JsonValueKind.True;
    }

    private double Number(string key, JsonElement value, double least, double most, bool wholeOnly)
    {
        var number = value.ValueKind is JsonValueKind.Number ? value.GetDouble() : double.NaN;
        var fits = number >= least && number <= most && (!wholeOnly || Math.Floor(number).Equals(number));
        Check(fits, key, string.Create(CultureInfo.InvariantCulture, $"A {(wholeOnly ? "whole " : "")}number from {least} to {most} is wanted, not {value.GetRawText()}."));
        return fits ? number : least;
    }

    private void Check(bool holds, string key, string message)
    {
        if (!holds)
        {
            Error(key, message);
        }
    }

    private void Error(string key, string message) => _errors.Add(new RoutingError(key, message));
}
