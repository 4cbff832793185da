namespace ModularShop.Catalog.Features.GetProduct;

internal sealed record GetProduct(string Sku) : IQuery<Result<ProductDetails>>;

internal sealed record ProductDetails(
    string Sku, string Name, string Description, string Brand, string Category, string CategoryPath, Money Price, int WeightGrams, string Status,
    int Available, IReadOnlyDictionary<string, string> Attributes);
