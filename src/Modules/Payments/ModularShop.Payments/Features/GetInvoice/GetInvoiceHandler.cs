using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.GetInvoice;

internal sealed class GetInvoiceHandler(PaymentsDbContext db) : IRequestHandler<GetInvoice, Result<InvoiceDetails>>
{
    public async Task<Result<InvoiceDetails>> Handle(GetInvoice query, CancellationToken cancellationToken)
    {
        var number = query.Number.Trim().ToUpperInvariant();
        return await db.Invoices.AsNoTracking()
            .Where(i => i.Number == number && (query.CustomerId == null || i.CustomerId == query.CustomerId))
            .Select(i => new InvoiceDetails(i.Number, i.OrderId, i.OrderNumber, i.CustomerId, i.Total, i.CapturedAt, i.IssuedAt))
            .SingleOrDefaultAsync(cancellationToken) is { } invoice
            ? invoice
            : PaymentsError.InvoiceNotFound.Because($"There is no invoice {number}.");
    }
}
