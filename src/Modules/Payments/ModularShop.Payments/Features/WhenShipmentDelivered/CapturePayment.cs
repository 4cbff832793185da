using Microsoft.Extensions.Logging;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Payments.Features.WhenShipmentDelivered;

/// <summary>What the customer has in hand is paid for: the held amount is taken.</summary>
internal sealed class CapturePayment(PaymentsDbContext db, TimeProvider time, ILogger<CapturePayment> logger) : IMessageHandler<ShipmentDelivered>
{
    public async Task Handle(Received<ShipmentDelivered> received, CancellationToken cancellationToken)
    {
        var orderId = received.Message.OrderId;
        if (await db.PaymentOfOrderAsync(orderId, cancellationToken) is not { } payment)
        {
            Log.DeliveredUnpaid(logger, orderId, "it has none.");
        }
        else if (payment.RequestCapture(time.GetUtcNow()).Error is { } error)
        {
            Log.DeliveredUnpaid(logger, orderId, error.Detail);
        }
    }
}
