using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.RenameCategory;

internal sealed class RenameCategoryHandler(CatalogDbContext db) : IRequestHandler<RenameCategory, Result>
{
    public async Task<Result> Handle(RenameCategory command, CancellationToken cancellationToken)
    {
        var category = await db.CategoryAsync(command.Path, CatalogError.CategoryNotFound, cancellationToken);
        if (category.Error is { } error)
        {
            return error;
        }

        category.Value.Rename(command.Name.Trim());
        return Result.Ok;
    }
}
