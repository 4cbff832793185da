using ModularShop.Catalog.Contracts;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ReserveStock;

internal sealed class ReserveStockHandler(CatalogDbContext db) : IMessageHandler<Contracts.ReserveStock>
{
    public async Task Handle(Received<Contracts.ReserveStock> received, CancellationToken cancellationToken)
    {
        var stock = await db.StockOfAsync(received.Message.Lines.Select(l => Sku.Normalise(l.Sku)), cancellationToken);
        db.Add(Reservation.Make(received.Message, stock));
    }
}
