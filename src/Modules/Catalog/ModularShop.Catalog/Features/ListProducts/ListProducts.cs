using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.ListProducts;

internal enum ProductSort
{
    Name,
    PriceAscending,
    PriceDescending,
    Newest,
}

internal enum StatusFilter
{
    Active,
    Discontinued,
    All,
}

/// <param name="Status">A <see cref="StatusFilter"/>, in any case.</param>
/// <param name="Sort">A <see cref="ProductSort"/>, in any case.</param>
/// <param name="Search">Words that must all occur in sku, name, brand or description.</param>
/// <param name="Category">Path of a category; its subtree counts.</param>
/// <param name="Currency">Products sold in it; what <paramref name="MinPrice"/> and <paramref name="MaxPrice"/> are in.</param>
/// <param name="MinPrice">In minor units.</param>
internal sealed record ListProducts(
    string? Search, string? Category, string? Currency, long? MinPrice, long? MaxPrice, string Status, string Sort, string? After, int Size)
    : IQuery<Result<Page<ProductRow>>>;

internal sealed record ProductRow(string Sku, string Name, string Brand, string Category, string CategoryPath, Money Price, ProductStatus Status, int Available);

internal sealed class ListProductsValidator : AbstractValidator<ListProducts>
{
    public ListProductsValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Search).MaximumLength(100);
        RuleFor(q => q.Category).MaximumLength(Domain.Category.MaxPathLength);
        RuleFor(q => q.Currency).Must(Currencies.IsKnown).When(q => q.Currency is not null)
            .WithMessage(q => $"'{q.Currency}' is no currency the shop knows; it takes ISO 4217 codes such as EUR.");
        RuleFor(q => q.Currency).NotNull().When(q => q.MinPrice is not null || q.MaxPrice is not null)
            .WithMessage("minPrice and maxPrice are minor units of a currency; say which, such as currency=EUR.");
        RuleFor(q => q.MinPrice).GreaterThanOrEqualTo(0);
        RuleFor(q => q.MaxPrice).GreaterThanOrEqualTo(q => q.MinPrice ?? 0).WithMessage("maxPrice must not be below minPrice.");
        RuleFor(q => q.Status).Must(IsName<StatusFilter>).WithMessage(q => $"'{q.Status}' is none of {Names<StatusFilter>()}.");
        RuleFor(q => q.Sort).Must(IsName<ProductSort>).WithMessage(q => $"'{q.Sort}' is none of {Names<ProductSort>()}.");
    }

    private static bool IsName<T>(string name)
        where T : struct, Enum => Enum.GetNames<T>().Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName));
}
