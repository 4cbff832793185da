using Microsoft.Extensions.Options;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenPaymentAuthorised;

internal sealed class CreateShipment(OrderingDbContext db, IOptions<CheckoutOptions> options, TimeProvider time) : IMessageHandler<PaymentAuthorised>
{
    public async Task Handle(Received<PaymentAuthorised> received, CancellationToken cancellationToken)
    {
        if (await db.FindCheckoutAsync(received.Message.OrderId, cancellationToken) is var (saga, order))
        {
            saga.PaymentIsAuthorised(order, options.Value, time.GetUtcNow());
        }
    }
}
