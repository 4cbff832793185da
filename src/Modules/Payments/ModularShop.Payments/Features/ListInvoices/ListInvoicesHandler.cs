using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.ListInvoices;

internal sealed class ListInvoicesHandler(PaymentsDbContext db) : IRequestHandler<ListInvoices, Result<Page<InvoiceRow>>>
{
    public async Task<Result<Page<InvoiceRow>>> Handle(ListInvoices query, CancellationToken cancellationToken)
    {
        var invoices = db.Invoices.AsNoTracking().Where(i => i.CustomerId == query.CustomerId);
        if (query.After is { } cursor)
        {
            if (!Cursor.TryDecode<Position>(cursor, out var after))
            {
                return RequestError.Cursor.Because("'after' is not the 'next' of a page of this list.");
            }

            invoices = invoices.Where(i => i.IssuedAt < after.IssuedAt || (i.IssuedAt == after.IssuedAt && string.Compare(i.Number, after.Number) < 0));
        }

        var rows = await invoices.OrderByDescending(i => i.IssuedAt).ThenByDescending(i => i.Number).Take(query.Size + 1)
            .Select(i => new InvoiceRow(i.Number, i.OrderId, i.OrderNumber, i.Total, i.IssuedAt))
            .ToListAsync(cancellationToken);
        return Page<InvoiceRow>.Of(rows, query.Size, r => r, r => new Position(r.IssuedAt, r.Number));
    }

    internal sealed record Position(DateTimeOffset IssuedAt, string Number);
}
