namespace ModularShop.Shipping.Domain;

internal enum Zone
{
    Domestic,
    Neighbouring,
    Eu,
    Europe,
    NorthAmerica,
    World,
}

internal static class Zones
{
    public static string All => string.Join(", ", Enum.GetValues<Zone>().Select(z => z.Name()));

    /// <summary>As clients read and write it: <c>northAmerica</c>.</summary>
    public static string Name(this Zone zone) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(zone.ToString());

    public static bool TryParse(string name, out Zone zone)
    {
        var found = Enum.GetValues<Zone>().Where(z => string.Equals(z.Name(), name, StringComparison.OrdinalIgnoreCase)).Select(z => (Zone?)z).FirstOrDefault();
        zone = found ?? default;
        return found is not null;
    }
}

/// <summary>A country or territory of ISO 3166-1, and the zone its parcels are priced by.</summary>
internal sealed class Country
{
    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>None where no parcel goes: nobody lives there.</summary>
    public Zone? Zone { get; init; }

    public static string Normalise(string code) => code.Trim().ToUpperInvariant();
}
