namespace ModularShop.Payments.Features.ListInvoices;

internal sealed record ListInvoices(Guid CustomerId, string? After, int Size) : IQuery<Result<Page<InvoiceRow>>>;

internal sealed record InvoiceRow(string Number, Guid OrderId, string OrderNumber, Money Total, DateTimeOffset IssuedAt);

internal sealed class ListInvoicesValidator : AbstractValidator<ListInvoices>
{
    public ListInvoicesValidator() => RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
}
