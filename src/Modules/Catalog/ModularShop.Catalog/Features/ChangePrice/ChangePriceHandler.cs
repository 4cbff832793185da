using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ChangePrice;

internal sealed class ChangePriceHandler(CatalogDbContext db) : IRequestHandler<ChangePrice, Result>
{
    public async Task<Result> Handle(ChangePrice command, CancellationToken cancellationToken)
    {
        var found = await db.ProductAsync(command.Sku, cancellationToken);
        return (found.Error ?? found.Value.Conflict(command.IfMatch)) is { } error ? error : found.Value.ChangePrice(command.Price);
    }
}
