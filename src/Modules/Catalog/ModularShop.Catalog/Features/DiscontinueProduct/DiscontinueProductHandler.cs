using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.DiscontinueProduct;

internal sealed class DiscontinueProductHandler(CatalogDbContext db) : IRequestHandler<DiscontinueProduct, Result>
{
    public async Task<Result> Handle(DiscontinueProduct command, CancellationToken cancellationToken)
    {
        var product = await db.ProductAsync(command.Sku, cancellationToken);
        if (product.Error is { } error)
        {
            return error;
        }

        product.Value.Discontinue();
        return Result.Ok;
    }
}
