using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog.Features.ReserveStock;

internal sealed class ReserveStockHandler(CatalogDbContext db) : IMessageHandler<Contracts.ReserveStock>
{
    public async Task Handle(Received<Contracts.ReserveStock> received, CancellationToken cancellationToken)
    {
        var command = received.Message;
        if (await db.Reservations.FindAsync([command.OrderId], cancellationToken) is { } known)
        {
            known.AnswerAgain();
            return;
        }

        var skus = command.Lines.Select(l => Sku.Normalise(l.Sku)).Distinct(StringComparer.Ordinal).ToList();
        var stock = await db.Stock.Where(s => skus.Contains(s.Sku) && db.Products.Any(p => p.Id == s.Id && p.Status == ProductStatus.Active))
            .ToDictionaryAsync(s => s.Sku, StringComparer.Ordinal, cancellationToken);
        db.Add(Reservation.Make(command, stock));
    }
}
