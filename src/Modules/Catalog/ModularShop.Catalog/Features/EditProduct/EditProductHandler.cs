using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.EditProduct;

internal sealed class EditProductHandler(CatalogDbContext db) : IRequestHandler<EditProduct, Result>
{
    public async Task<Result> Handle(EditProduct command, CancellationToken cancellationToken)
    {
        var product = await db.ProductAsync(command.Sku, cancellationToken);
        if ((product.Error ?? product.Value.Conflict(command.IfMatch)) is { } error)
        {
            return error;
        }

        var category = await db.CategoryAsync(command.Category, CatalogError.UnknownCategory, cancellationToken);
        if (category.Error is { } unknown)
        {
            return unknown;
        }

        product.Value.Describe(new ProductDescription(
            command.Name.Trim(), command.Description, command.Brand, category.Value.Id, command.WeightGrams, command.Attributes));
        return Result.Ok;
    }
}
