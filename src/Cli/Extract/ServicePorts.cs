using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularShop.Cli.Extract;

/// <summary>Where services listen on a developer's machine: each at an address of its own, which it keeps.</summary>
internal static class ServicePorts
{
    private const int First = 5101;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static string Extracted => Path.Combine(Repository.Root, "src", "Extracted");

    public static string RoutingFile => Path.Combine(Repository.Root, "src", "Host", "routing.json");

    /// <summary>What the service's settings say, else the routing; else the lowest port that none of them has.</summary>
    public static Uri Of(string module, string folder)
    {
        if (Address(Read(Path.Combine(folder, "appsettings.json"))?["Peers"]?["Listen"]) is { } settled)
        {
            return settled;
        }

        var routed = Read(RoutingFile)?["Facade"]?["Services"] as JsonObject ?? [];
        if (Destinations(routed[module]).FirstOrDefault(d => d.IsLoopback) is { } destination)
        {
            return destination;
        }

        var taken = routed.SelectMany(s => Destinations(s.Value)).Concat(Services().Select(f => Address(Read(Path.Combine(f, "appsettings.json"))?["Peers"]?["Listen"])).OfType<Uri>())
            .Select(a => a.Port).ToHashSet();
        var port = Enumerable.Range(First, 1000).First(p => !taken.Contains(p));
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"));
    }

    private static IEnumerable<string> Services() => Directory.Exists(Extracted) ? Directory.GetDirectories(Extracted) : [];

    private static IEnumerable<Uri> Destinations(JsonNode? service) =>
        ((service as JsonObject)?["Destinations"] as JsonArray ?? []).Select(Address).OfType<Uri>();

    private static Uri? Address(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null;

    /// <summary>Null where there is no such file, or none that can be read: whoever needs it says so.</summary>
    private static JsonObject? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) as JsonObject;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
