using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ListCategories;

internal sealed class ListCategoriesHandler(CatalogDbContext db) : IRequestHandler<ListCategories, Result<CategoryTree>>
{
    public async Task<Result<CategoryTree>> Handle(ListCategories query, CancellationToken cancellationToken)
    {
        var categories = await db.Categories.AsNoTracking().ToListAsync(cancellationToken);
        var products = await db.Products.Where(p => p.Status == ProductStatus.Active)
            .GroupBy(p => p.CategoryId).Select(g => new { Category = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Category, g => g.Count, cancellationToken);
        var below = categories.ToLookup(c => c.ParentId);
        return new CategoryTree(Nodes(null));

        // Category.MaxDepth levels at most.
        List<CategoryNode> Nodes(Guid? parent) =>
        [
            .. below[parent].OrderBy(c => SearchKey.Fold(c.Name), StringComparer.Ordinal).ThenBy(c => c.Path, StringComparer.Ordinal).Select(c =>
            {
                var children = Nodes(c.Id);
                return new CategoryNode(c.Name, c.Path, products.GetValueOrDefault(c.Id) + children.Sum(n => n.Products), children);
            }),
        ];
    }
}
