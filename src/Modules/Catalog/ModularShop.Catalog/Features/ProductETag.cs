using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features;

/// <summary>A product's version as an entity tag, and the precondition <c>If-Match</c> on it.</summary>
internal static class ProductETag
{
    public static string Of(long version) => $"\"{version}\"";

    public static bool IsValid(string? ifMatch) =>
        ifMatch is null or "*" || (ifMatch.Length > 2 && ifMatch[0] == '"' && ifMatch[^1] == '"' && ifMatch.AsSpan(1, ifMatch.Length - 2).IndexOf('"') < 0);

    /// <summary>Null where the product is as the client saw it, or the client did not say what it saw.</summary>
    public static Error? Conflict(this Product product, string? ifMatch) => ifMatch is null or "*" || ifMatch == Of(product.Version)
        ? null
        : CatalogError.ProductChanged.Because($"{product.Sku} has been changed since you read it as {ifMatch}; it is {Of(product.Version)} now. Read it again and decide anew.");
}
