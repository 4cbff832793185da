using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ReinstateProduct;

internal sealed class ReinstateProductHandler(CatalogDbContext db) : IRequestHandler<ReinstateProduct, Result>
{
    public async Task<Result> Handle(ReinstateProduct command, CancellationToken cancellationToken)
    {
        var product = await db.ProductAsync(command.Sku, cancellationToken);
        if (product.Error is { } error)
        {
            return error;
        }

        product.Value.Reinstate();
        return Result.Ok;
    }
}
