using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.ListPayments;

/// <param name="Status">One of <see cref="PaymentStatus"/>, in any case.</param>
internal sealed record ListPayments(string? Status, string? After, int Size) : IQuery<Result<Page<PaymentRow>>>;

internal sealed record PaymentRow(
    Guid OrderId, string OrderNumber, Guid CustomerId, string Status, Money Amount, Money Captured, Money Refunded, DateTimeOffset RequestedAt,
    string? WaitingFor, int Attempts);

internal sealed class ListPaymentsValidator : AbstractValidator<ListPayments>
{
    private static readonly string[] Names = [.. Enum.GetValues<PaymentStatus>().Select(Payment.Name)];

    public ListPaymentsValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Status).Must(status => Names.Contains(status, StringComparer.OrdinalIgnoreCase)).When(q => q.Status is not null)
            .WithMessage($"A status is one of {string.Join(", ", Names)}.");
    }
}
