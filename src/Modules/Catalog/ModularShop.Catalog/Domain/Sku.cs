namespace ModularShop.Catalog.Domain;

/// <summary>A product's code: letters, digits, hyphens, dots and underscores. Stored and compared in upper case.</summary>
internal static class Sku
{
    public const int MaxLength = 40;

    public const string Rule = "A sku is 1 to 40 letters (A-Z), digits, hyphens, dots and underscores, the first a letter or digit.";

    public static string Normalise(string sku) => sku.Trim().ToUpperInvariant();

    /// <summary>A normalised sku can be part of an address without being quoted.</summary>
    public static bool IsValid(string sku) =>
        sku.Length is >= 1 and <= MaxLength && char.IsAsciiLetterOrDigit(sku[0]) && sku.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
