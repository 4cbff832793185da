namespace ModularShop.Catalog.Features.ListProducts;

internal enum ProductSort
{
    Name,
    PriceAscending,
    PriceDescending,
}

/// <param name="Search">Words that must all occur in sku, name, brand or description.</param>
/// <param name="Category">Path of a category; its subtree counts.</param>
/// <param name="MinPrice">In minor units.</param>
internal sealed record ListProducts(
    string? Search, string? Category, long? MinPrice, long? MaxPrice, ProductSort Sort, string? After, int Size) : IQuery<Result<Page<ProductRow>>>;

internal sealed record ProductRow(string Sku, string Name, string Brand, string Category, Money Price, int Available);

internal sealed class ListProductsValidator : AbstractValidator<ListProducts>
{
    public ListProductsValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Search).MaximumLength(100);
        RuleFor(q => q.Category).MaximumLength(400);
        RuleFor(q => q.MinPrice).GreaterThanOrEqualTo(0);
        RuleFor(q => q.MaxPrice).GreaterThanOrEqualTo(q => q.MinPrice ?? 0).WithMessage("maxPrice must not be below minPrice.");
    }
}
