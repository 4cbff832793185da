namespace ModularShop.Ordering.Domain;

/// <summary>A product's code as the catalogue writes it: upper case.</summary>
internal static class Sku
{
    public const int MaxLength = 40;

    public static string Normalise(string sku) => sku.Trim().ToUpperInvariant();
}
