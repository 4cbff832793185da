using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.ListPayments;

internal sealed record ListPayments(PaymentStatus? Status, string? After, int Size) : IQuery<Result<Page<PaymentRow>>>;

internal sealed record PaymentRow(
    Guid OrderId, string OrderNumber, Guid CustomerId, string Status, Money Amount, Money Captured, Money Refunded, DateTimeOffset RequestedAt,
    string? WaitingFor, int Attempts);

internal sealed class ListPaymentsValidator : AbstractValidator<ListPayments>
{
    public ListPaymentsValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Status).IsInEnum();
    }
}
