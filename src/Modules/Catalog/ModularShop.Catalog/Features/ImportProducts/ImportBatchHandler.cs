using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ImportProducts;

/// <summary>Creates the products that are new and brings the others up to what the file says.</summary>
internal sealed class ImportBatchHandler(CatalogDbContext db, TimeProvider time) : IRequestHandler<ImportBatch, Result<ImportedBatch>>
{
    public async Task<Result<ImportedBatch>> Handle(ImportBatch command, CancellationToken cancellationToken)
    {
        // The batches before are saved: their entities would be looked through with every save.
        db.ChangeTracker.Clear();
        var skus = command.Rows.Select(r => r.Sku).ToList();
        var products = await db.Products.Where(p => skus.Contains(p.Sku)).ToDictionaryAsync(p => p.Sku, StringComparer.Ordinal, cancellationToken);
        var categories = await CategoriesAsync(command.Rows, cancellationToken);
        var now = time.GetUtcNow();
        var (created, updated, unchanged) = (0, 0, 0);
        var errors = new List<ImportError>();
        foreach (var row in command.Rows)
        {
            if (!products.TryGetValue(row.Sku, out var product))
            {
                Create(row, CategoryOf(row, categories), now);
                created++;
            }
            else if (Obstacle(row, product) is { } error)
            {
                errors.Add(error);
            }
            else if (Update(row, product, CategoryOf(row, categories)))
            {
                updated++;
            }
            else
            {
                unchanged++;
            }
        }

        return new ImportedBatch(created, updated, unchanged, errors);
    }

    private async Task<Dictionary<string, Category>> CategoriesAsync(IReadOnlyList<ImportRow> rows, CancellationToken cancellationToken)
    {
        var paths = rows.SelectMany(r => Paths(r.Categories)).Distinct(StringComparer.Ordinal).ToList();
        return await db.Categories.Where(c => paths.Contains(c.Path)).ToDictionaryAsync(c => c.Path, StringComparer.Ordinal, cancellationToken);
    }

    /// <summary>From the root down: <c>kitchen</c>, <c>kitchen/cookware</c>.</summary>
    private static IEnumerable<string> Paths(IReadOnlyList<string> names) =>
        Enumerable.Range(1, names.Count).Select(depth => string.Join('/', names.Take(depth).Select(Category.Slug)));

    /// <summary>The category the names lead to; what is missing on the way is created.</summary>
    private Category CategoryOf(ImportRow row, Dictionary<string, Category> categories)
    {
        Category? category = null;
        foreach (var (path, name) in Paths(row.Categories).Zip(row.Categories))
        {
            if (!categories.TryGetValue(path, out var known))
            {
                known = Category.Create(name, category).Value;
                categories.Add(path, known);
                db.Add(known);
            }

            category = known;
        }

        return category!;
    }

    private void Create(ImportRow row, Category category, DateTimeOffset now)
    {
        var about = new ProductDescription(
            row.Name, row.Description ?? "", row.Brand ?? "", category.Id, row.WeightGrams ?? 0, row.Attributes);
        var product = Product.Create(row.Sku, about, row.Price, now, row.Discontinued is true ? ProductStatus.Discontinued : ProductStatus.Active);
        db.Add(product);
        db.Add(StockItem.For(product, row.Stock ?? 0));
    }

    /// <summary>Why the product cannot become what the row says; asked before anything of it is changed.</summary>
    private static ImportError? Obstacle(ImportRow row, Product product)
    {
        if (row.Price.Currency != product.Price.Currency)
        {
            return new ImportError(row.Line, "currency", $"{row.Sku} is sold in {product.Price.Currency}; its price cannot be in {row.Price.Currency}.");
        }

        if (row.Price != product.Price && !product.IsActive && row.Discontinued is not false)
        {
            return new ImportError(row.Line, "price", $"{row.Sku} is discontinued; its price stays {product.Price}.");
        }

        return product.Attributes.Select(a => a.Name).Union(row.Attributes.Keys, StringComparer.Ordinal).Count() > Product.MaxAttributes
            ? new ImportError(row.Line, "attributes", $"With those it has, {row.Sku} would have more than {Product.MaxAttributes} attributes.")
            : null;
    }

    private static bool Update(ImportRow row, Product product, Category category)
    {
        var (price, status) = (product.Price, product.Status);
        if (row.Discontinued is false)
        {
            product.Reinstate();
        }

        if (row.Price != price && product.ChangePrice(row.Price).Error is { } error)
        {
            throw new InvalidOperationException($"Line {row.Line}: {error.Detail}");
        }

        var about = product.About;
        var attributes = new Dictionary<string, string>(about.Attributes, StringComparer.Ordinal);
        foreach (var (name, value) in row.Attributes)
        {
            attributes[name] = value;
        }

        var described = product.Describe(about with
        {
            Name = row.Name,
            Description = row.Description ?? about.Description,
            Brand = row.Brand ?? about.Brand,
            CategoryId = category.Id,
            WeightGrams = row.WeightGrams ?? about.WeightGrams,
            Attributes = attributes,
        });
        if (row.Discontinued is true)
        {
            product.Discontinue();
        }

        return described || product.Price != price || product.Status != status;
    }
}
