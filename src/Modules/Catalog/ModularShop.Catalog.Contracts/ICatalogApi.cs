namespace ModularShop.Catalog.Contracts;

/// <summary>What other modules may ask the catalogue.</summary>
public interface ICatalogApi
{
    /// <summary>The products that exist among <paramref name="skus"/> (at most 200), in any order.</summary>
    Task<IReadOnlyList<ProductSnapshot>> GetProductsAsync(IReadOnlyCollection<string> skus, CancellationToken cancellationToken);
}

/// <summary>A product as it is now.</summary>
/// <param name="Available">Pieces on hand that nobody has reserved.</param>
public sealed record ProductSnapshot(string Sku, string Name, Money Price, int WeightGrams, bool IsActive, int Available);
