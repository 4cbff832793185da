using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.CreateCategory;

internal sealed class CreateCategoryHandler(CatalogDbContext db) : IRequestHandler<CreateCategory, Result<CreatedCategory>>
{
    public async Task<Result<CreatedCategory>> Handle(CreateCategory command, CancellationToken cancellationToken)
    {
        Category? parent = null;
        if (command.ParentPath is { } path)
        {
            var found = await db.CategoryAsync(path, CatalogError.UnknownCategory, cancellationToken);
            if (found.Error is { } unknown)
            {
                return unknown;
            }

            parent = found.Value;
        }

        var created = Category.Create(command.Name.Trim(), parent);
        if (created.Error is { } error)
        {
            return error;
        }

        var category = created.Value;
        if (await db.Categories.AnyAsync(c => c.Path == category.Path, cancellationToken))
        {
            return CatalogError.CategoryExists.Because($"There is a category '{category.Path}' already; rename it, or choose a name that makes another path.");
        }

        db.Add(category);
        return new CreatedCategory(category.Name, category.Path);
    }
}
