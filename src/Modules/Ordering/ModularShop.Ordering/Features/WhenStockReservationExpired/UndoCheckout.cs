using Microsoft.Extensions.Options;
using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenStockReservationExpired;

internal sealed class UndoCheckout(OrderingDbContext db, IOptions<CheckoutOptions> options, TimeProvider time) : IMessageHandler<StockReservationExpired>
{
    public async Task Handle(Received<StockReservationExpired> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.StockHasExpired(order, options.Value, time.GetUtcNow());
        }
    }
}
