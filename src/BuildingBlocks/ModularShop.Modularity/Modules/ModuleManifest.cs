using System.Reflection;
using System.Text.Json;

namespace ModularShop.Modularity.Modules;

/// <summary>
/// What there is to know of a module without its code: the endpoints that a facade lets requests in by, and the messages that
/// others deliver to it. Written by <c>./shop docs</c>, and part of the module's Contracts.
/// </summary>
/// <param name="Takes">The names of the messages that it reacts to.</param>
/// <param name="Sends">The names of the messages that it publishes.</param>
public sealed record ModuleManifest(string Module, IReadOnlyList<ManifestEndpoint> Endpoints, IReadOnlyList<string> Takes, IReadOnlyList<string> Sends)
{
    private const string Resource = "module.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, NewLine = "\n", RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    /// <summary>Null where the assembly bears none.</summary>
    public static ModuleManifest? In(Assembly contracts)
    {
        using var file = contracts.GetManifestResourceStream(Resource);
        return file is null ? null : JsonSerializer.Deserialize<ModuleManifest>(file, Json);
    }

    public string Text() => JsonSerializer.Serialize(this, Json) + "\n";
}
