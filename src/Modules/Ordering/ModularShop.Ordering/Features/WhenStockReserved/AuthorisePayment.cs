using Microsoft.Extensions.Options;
using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenStockReserved;

internal sealed class AuthorisePayment(OrderingDbContext db, IOptions<CheckoutOptions> options, TimeProvider time) : IMessageHandler<StockReserved>
{
    public async Task Handle(Received<StockReserved> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.StockIsReserved(order, options.Value, time.GetUtcNow());
        }
    }
}
