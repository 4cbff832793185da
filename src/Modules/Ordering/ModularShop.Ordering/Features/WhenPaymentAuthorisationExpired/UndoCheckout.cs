using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentAuthorisationExpired;

internal sealed class UndoCheckout(OrderingDbContext db, IOptions<CheckoutOptions> options, TimeProvider time, ILogger<UndoCheckout> logger)
    : IMessageHandler<PaymentAuthorisationExpired>
{
    public async Task Handle(Received<PaymentAuthorisationExpired> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            if (saga.State is CheckoutState.Confirmed && order.Progress >= OrderStatus.Shipped)
            {
                Log.ShippedUnpaid(logger, order.Number, order.Id);
            }

            saga.AuthorisationHasExpired(order, options.Value, time.GetUtcNow());
        }
    }
}
