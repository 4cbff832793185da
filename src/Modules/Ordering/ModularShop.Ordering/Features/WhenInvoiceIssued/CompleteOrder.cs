using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenInvoiceIssued;

internal sealed class CompleteOrder(OrderingDbContext db) : IMessageHandler<InvoiceIssued>
{
    public async Task Handle(Received<InvoiceIssued> received, CancellationToken cancellationToken)
    {
        if (await db.Orders.FindAsync([received.Message.OrderId], cancellationToken) is { } order)
        {
            order.Complete(received.Message.InvoiceNumber);
        }
    }
}
