namespace ModularShop.Catalog.Domain;

/// <summary>A product's code. Stored and compared in upper case.</summary>
internal static class Sku
{
    public const int MaxLength = 40;

    public static string Normalise(string sku) => sku.Trim().ToUpperInvariant();
}
