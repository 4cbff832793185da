using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularShop.Modularity.Peers;

/// <summary>How deployables write to each other.</summary>
public static class PeerJson
{
    /// <summary>
    /// Strict where something lacks what its record needs: it fails here, not as a null further on. Fields that the record
    /// does not know are ignored: the other side may be a deployment ahead.
    /// </summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
