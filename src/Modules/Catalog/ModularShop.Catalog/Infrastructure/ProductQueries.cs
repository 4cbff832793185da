using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Infrastructure;

internal static class ProductQueries
{
    /// <summary>The product to be changed, whatever the case of the sku.</summary>
    public static async Task<Result<Product>> ProductAsync(this CatalogDbContext db, string sku, CancellationToken cancellationToken)
    {
        var normalised = Sku.Normalise(sku);
        return Sku.IsValid(normalised) && await db.Products.SingleOrDefaultAsync(p => p.Sku == normalised, cancellationToken) is { } product
            ? product
            : NoProduct(sku);
    }

    public static Error NoProduct(string sku) => CatalogError.ProductNotFound.Because(
        $"There is no product '{(sku.Length > Sku.MaxLength ? sku[..Sku.MaxLength] + "…" : sku)}'.");

    public static async Task<Result<Category>> CategoryAsync(this CatalogDbContext db, string path, CatalogError absent, CancellationToken cancellationToken)
    {
        var normalised = Category.NormalisePath(path);
        return await db.Categories.SingleOrDefaultAsync(c => c.Path == normalised, cancellationToken) is { } category
            ? category
            : absent.Because($"There is no category '{normalised}'; GET categories lists them.");
    }
}
