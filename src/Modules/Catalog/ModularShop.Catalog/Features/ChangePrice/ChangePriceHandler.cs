using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ChangePrice;

internal sealed class ChangePriceHandler(CatalogDbContext db) : IRequestHandler<ChangePrice, Result>
{
    public async Task<Result> Handle(ChangePrice command, CancellationToken cancellationToken)
    {
        var sku = Sku.Normalise(command.Sku);
        return await db.Products.SingleOrDefaultAsync(p => p.Sku == sku, cancellationToken) is { } product
            ? product.ChangePrice(command.Price)
            : CatalogError.ProductNotFound.Because($"There is no product {sku}.");
    }
}
