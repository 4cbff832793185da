using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenCheckoutTimedOut;

internal sealed class UndoCheckout(OrderingDbContext db, IOptions<CheckoutOptions> options, TimeProvider time, ILogger<UndoCheckout> logger)
    : IMessageHandler<CheckoutTimedOut>
{
    public async Task Handle(Received<CheckoutTimedOut> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order)
            && !saga.TimesOut(received.Message, order, options.Value, time.GetUtcNow()))
        {
            Log.ShippingDoesNotAnswer(logger, order.Number, order.Id);
        }
    }
}
