using System.Linq.Expressions;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ListProducts;

internal sealed class ListProductsHandler(CatalogDbContext db) : IRequestHandler<ListProducts, Result<Page<ProductRow>>>
{
    public async Task<Result<Page<ProductRow>>> Handle(ListProducts query, CancellationToken cancellationToken)
    {
        var products = db.Products.AsNoTracking().Where(p => p.Status == ProductStatus.Active);
        foreach (var word in SearchKey.Fold(query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(8))
        {
            products = products.Where(p => p.SearchText.Contains(word));
        }

        if (query.Category is { Length: > 0 } category)
        {
            if (!await db.Categories.AnyAsync(c => c.Path == category, cancellationToken))
            {
                return CatalogError.CategoryNotFound.Because($"There is no category '{category}'.");
            }

            var below = category + "/";
            products = products.Where(p => db.Categories.Any(c => c.Id == p.CategoryId && (c.Path == category || c.Path.StartsWith(below))));
        }

        products = query.MinPrice is { } min ? products.Where(p => p.Price.Amount >= min) : products;
        products = query.MaxPrice is { } max ? products.Where(p => p.Price.Amount <= max) : products;

        Position? after = null;
        if (query.After is { } cursor)
        {
            if (!Cursor.TryDecode<Position>(cursor, out after) || after.Sort != query.Sort)
            {
                return RequestError.Cursor.Because("'after' is not the 'next' of a page of this list in this order.");
            }
        }

        var rows = await Sorted(products, query.Sort, after).Take(query.Size + 1)
            .Join(db.Categories, p => p.CategoryId, c => c.Id, (p, c) => new { p, Category = c.Name })
            .Join(db.Stock, x => x.p.Id, s => s.Id, (x, s) => new Row(x.p.Sku, x.p.Name, x.p.Brand, x.Category, x.p.Price, s.OnHand - s.Reserved, x.p.NameKey))
            .ToListAsync(cancellationToken);
        return Page<ProductRow>.Of(
            InOrder(rows, query.Sort), query.Size,
            r => new ProductRow(r.Sku, r.Name, r.Brand, r.Category, r.Price, r.Available),
            r => new Position(query.Sort, r.Key, r.Price.Amount, r.Sku));
    }

    private static IQueryable<Product> Sorted(IQueryable<Product> products, ProductSort sort, Position? after)
    {
        Expression<Func<Product, bool>>? beyond = (sort, after) switch
        {
            (_, null) => null,
            (ProductSort.PriceAscending, _) => p => p.Price.Amount > after.Amount || (p.Price.Amount == after.Amount && string.Compare(p.Sku, after.Sku) > 0),
            (ProductSort.PriceDescending, _) => p => p.Price.Amount < after.Amount || (p.Price.Amount == after.Amount && string.Compare(p.Sku, after.Sku) > 0),
            _ => p => string.Compare(p.NameKey, after.Key) > 0 || (p.NameKey == after.Key && string.Compare(p.Sku, after.Sku) > 0),
        };
        products = beyond is null ? products : products.Where(beyond);
        return sort switch
        {
            ProductSort.PriceAscending => products.OrderBy(p => p.Price.Amount).ThenBy(p => p.Sku),
            ProductSort.PriceDescending => products.OrderByDescending(p => p.Price.Amount).ThenBy(p => p.Sku),
            _ => products.OrderBy(p => p.NameKey).ThenBy(p => p.Sku),
        };
    }

    /// <summary>A join need not keep the order of what it joins.</summary>
    private static List<Row> InOrder(List<Row> rows, ProductSort sort) => sort switch
    {
        ProductSort.PriceAscending => [.. rows.OrderBy(r => r.Price.Amount).ThenBy(r => r.Sku, StringComparer.Ordinal)],
        ProductSort.PriceDescending => [.. rows.OrderByDescending(r => r.Price.Amount).ThenBy(r => r.Sku, StringComparer.Ordinal)],
        _ => [.. rows.OrderBy(r => r.Key, StringComparer.Ordinal).ThenBy(r => r.Sku, StringComparer.Ordinal)],
    };

    internal sealed record Position(ProductSort Sort, string Key, long Amount, string Sku);

    private sealed record Row(string Sku, string Name, string Brand, string Category, Money Price, int Available, string Key);
}
