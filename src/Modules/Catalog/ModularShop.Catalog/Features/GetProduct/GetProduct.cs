using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.GetProduct;

internal sealed record GetProduct(string Sku) : IQuery<Result<ProductDetails>>;

/// <param name="Version">Raised by every edit; the ETag.</param>
internal sealed record ProductDetails(
    string Sku, string Name, string Description, string Brand, string Category, string CategoryPath, Money Price, int WeightGrams, ProductStatus Status,
    int Available, IReadOnlyDictionary<string, string> Attributes, long Version);
