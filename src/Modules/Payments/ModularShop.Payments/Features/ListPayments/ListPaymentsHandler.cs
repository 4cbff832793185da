using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.ListPayments;

internal sealed class ListPaymentsHandler(PaymentsDbContext db) : IRequestHandler<ListPayments, Result<Page<PaymentRow>>>
{
    public async Task<Result<Page<PaymentRow>>> Handle(ListPayments query, CancellationToken cancellationToken)
    {
        var payments = db.Payments.AsNoTracking();
        PaymentStatus? status = query.Status is { } name ? Enum.Parse<PaymentStatus>(name, ignoreCase: true) : null;
        payments = status is null ? payments : payments.Where(p => p.Status == status);
        if (query.After is { } cursor)
        {
            if (!Cursor.TryDecode<Position>(cursor, out var after) || after.Status != status)
            {
                return RequestError.Cursor.Because("'after' is not the 'next' of a page of this list with this filter.");
            }

            payments = payments.Where(p => p.RequestedAt < after.RequestedAt
                || (p.RequestedAt == after.RequestedAt && string.Compare(p.OrderNumber, after.OrderNumber) < 0));
        }

        var rows = await payments.OrderByDescending(p => p.RequestedAt).ThenByDescending(p => p.OrderNumber).Take(query.Size + 1)
            .Select(p => new Row(p.OrderId, p.OrderNumber, p.CustomerId, p.Status, p.Amount, p.Captured, p.Refunded, p.RequestedAt, p.PendingCall, p.CallAttempts))
            .ToListAsync(cancellationToken);
        return Page<PaymentRow>.Of(
            rows, query.Size,
            r => new PaymentRow(r.OrderId, r.OrderNumber, r.CustomerId, Payment.Name(r.Status), r.Amount, r.Captured, r.Refunded, r.RequestedAt,
                r.PendingCall?.ToString().ToLowerInvariant(), r.Attempts),
            r => new Position(status, r.RequestedAt, r.OrderNumber));
    }

    internal sealed record Position(PaymentStatus? Status, DateTimeOffset RequestedAt, string OrderNumber);

    private sealed record Row(
        Guid OrderId, string OrderNumber, Guid CustomerId, PaymentStatus Status, Money Amount, Money Captured, Money Refunded, DateTimeOffset RequestedAt,
        ProviderCallKind? PendingCall, int Attempts);
}
