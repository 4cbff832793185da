using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Contracts;

namespace ModularShop.Ordering.Features.WhenInvoiceIssued;

internal sealed class AddToHistory(OrderingDbContext db) : IMessageHandler<InvoiceIssued>
{
    public Task Handle(Received<InvoiceIssued> received, CancellationToken cancellationToken)
    {
        db.AddToHistory(received, received.Message.OrderId, HistoryKind.InvoiceIssued, $"Invoice {received.Message.InvoiceNumber} over {received.Message.Total} is issued.");
        return Task.CompletedTask;
    }
}
