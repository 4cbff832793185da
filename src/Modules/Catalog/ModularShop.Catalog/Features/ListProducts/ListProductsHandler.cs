using System.Linq.Expressions;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ListProducts;

internal sealed class ListProductsHandler(CatalogDbContext db) : IRequestHandler<ListProducts, Result<Page<ProductRow>>>
{
    public async Task<Result<Page<ProductRow>>> Handle(ListProducts query, CancellationToken cancellationToken)
    {
        var sort = Enum.Parse<ProductSort>(query.Sort, ignoreCase: true);
        Position? after = null;
        if (query.After is { } cursor && (!Cursor.TryDecode<Position>(cursor, out after) || after.Sort != sort))
        {
            return RequestError.Cursor.Because("'after' is not the 'next' of a page of this list in this order.");
        }

        var products = Filtered(query);
        if (query.Category is { Length: > 0 } path)
        {
            var category = await db.CategoryAsync(path, CatalogError.CategoryNotFound, cancellationToken);
            if (category.Error is { } error)
            {
                return error;
            }

            var (top, below) = (category.Value.Path, category.Value.Path + "/");
            products = products.Where(p => db.Categories.Any(c => c.Id == p.CategoryId && (c.Path == top || c.Path.StartsWith(below))));
        }

        // Joined before it is sorted: a join need not keep the order of what it joins.
        var joined =
            from product in products
            join category in db.Categories on product.CategoryId equals category.Id
            join stock in db.Stock on product.Id equals stock.Id
            select new Joined { Product = product, Category = category, Stock = stock };
        var rows = await Sorted(joined, sort, after).Take(query.Size + 1)
            .Select(j => new Row
            {
                Sku = j.Product.Sku,
                Name = j.Product.Name,
                Brand = j.Product.Brand,
                Category = j.Category.Name,
                CategoryPath = j.Category.Path,
                Price = j.Product.Price,
                Status = j.Product.Status,
                Available = j.Stock.OnHand - j.Stock.Reserved,
                Key = j.Product.NameKey,
                CreatedAt = j.Product.CreatedAt,
            })
            .ToListAsync(cancellationToken);
        return Page<ProductRow>.Of(
            rows, query.Size,
            r => new ProductRow(r.Sku, r.Name, r.Brand, r.Category, r.CategoryPath, r.Price, r.Status, r.Available),
            r => new Position(sort, r.Key, r.Price.Currency, r.Price.Amount, r.CreatedAt, r.Sku));
    }

    private IQueryable<Product> Filtered(ListProducts query)
    {
        var products = Enum.Parse<StatusFilter>(query.Status, ignoreCase: true) switch
        {
            StatusFilter.Active => db.Products.AsNoTracking().Where(p => p.Status == ProductStatus.Active),
            StatusFilter.Discontinued => db.Products.AsNoTracking().Where(p => p.Status == ProductStatus.Discontinued),
            _ => db.Products.AsNoTracking(),
        };
        foreach (var word in SearchKey.Words(query.Search))
        {
            products = products.Where(p => p.SearchText.Contains(word));
        }

        products = query.Currency is { } currency ? products.Where(p => p.Price.Currency == currency) : products;
        products = query.MinPrice is { } min ? products.Where(p => p.Price.Amount >= min) : products;
        return query.MaxPrice is { } max ? products.Where(p => p.Price.Amount <= max) : products;
    }

    private static IQueryable<Joined> Sorted(IQueryable<Joined> rows, ProductSort sort, Position? after)
    {
        Expression<Func<Joined, bool>>? beyond = (sort, after) switch
        {
            (_, null) => null,
            (ProductSort.PriceAscending, _) => r => string.Compare(r.Product.Price.Currency, after.Currency) > 0
                || (r.Product.Price.Currency == after.Currency && (r.Product.Price.Amount > after.Amount
                    || (r.Product.Price.Amount == after.Amount && string.Compare(r.Product.Sku, after.Sku) > 0))),
            (ProductSort.PriceDescending, _) => r => string.Compare(r.Product.Price.Currency, after.Currency) > 0
                || (r.Product.Price.Currency == after.Currency && (r.Product.Price.Amount < after.Amount
                    || (r.Product.Price.Amount == after.Amount && string.Compare(r.Product.Sku, after.Sku) > 0))),
            (ProductSort.Newest, _) => r => r.Product.CreatedAt < after.At || (r.Product.CreatedAt == after.At && string.Compare(r.Product.Sku, after.Sku) > 0),
            _ => r => string.Compare(r.Product.NameKey, after.Key) > 0 || (r.Product.NameKey == after.Key && string.Compare(r.Product.Sku, after.Sku) > 0),
        };
        rows = beyond is null ? rows : rows.Where(beyond);
        return sort switch
        {
            ProductSort.PriceAscending => rows.OrderBy(r => r.Product.Price.Currency).ThenBy(r => r.Product.Price.Amount).ThenBy(r => r.Product.Sku),
            ProductSort.PriceDescending => rows.OrderBy(r => r.Product.Price.Currency).ThenByDescending(r => r.Product.Price.Amount).ThenBy(r => r.Product.Sku),
            ProductSort.Newest => rows.OrderByDescending(r => r.Product.CreatedAt).ThenBy(r => r.Product.Sku),
            _ => rows.OrderBy(r => r.Product.NameKey).ThenBy(r => r.Product.Sku),
        };
    }

    internal sealed record Position(ProductSort Sort, string Key, string Currency, long Amount, DateTimeOffset At, string Sku);

    private sealed class Joined
    {
        public required Product Product { get; init; }

        public required Category Category { get; init; }

        public required StockItem Stock { get; init; }
    }

    /// <summary>With properties, not a constructor: for the price as an argument of one, EF would read the whole product.</summary>
    private sealed class Row
    {
        public required string Sku { get; init; }

        public required string Name { get; init; }

        public required string Brand { get; init; }

        public required string Category { get; init; }

        public required string CategoryPath { get; init; }

        public required Money Price { get; init; }

        public required ProductStatus Status { get; init; }

        public required int Available { get; init; }

        public required string Key { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }
    }
}
