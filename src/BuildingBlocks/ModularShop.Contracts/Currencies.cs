using System.Collections.Frozen;

namespace ModularShop.Contracts;

/// <summary>The currencies the shop trades in, with the digits of their minor unit. Source: ISO 4217.</summary>
public static class Currencies
{
    private static readonly FrozenDictionary<string, int> MinorUnits = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["AUD"] = 2, ["BRL"] = 2, ["CAD"] = 2, ["CHF"] = 2, ["CZK"] = 2, ["DKK"] = 2, ["EUR"] = 2, ["GBP"] = 2,
        ["INR"] = 2, ["JPY"] = 0, ["KRW"] = 0, ["KWD"] = 3, ["MXN"] = 2, ["NOK"] = 2, ["NZD"] = 2, ["PLN"] = 2,
        ["SEK"] = 2, ["SGD"] = 2, ["TND"] = 3, ["USD"] = 2, ["ZAR"] = 2,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => MinorUnits.Keys;

    public static bool IsKnown(string? code) => code is not null && MinorUnits.ContainsKey(code);

    public static bool TryGetMinorUnits(string code, out int digits) => MinorUnits.TryGetValue(code, out digits);
}
