using ModularShop.Ordering.Features.GetOrder;

namespace ModularShop.Ordering.Features.CancelOrder;

/// <param name="CustomerId">Whose order it must be; null for operators.</param>
/// <param name="Reason">An operator's, for the customer to read.</param>
internal sealed record CancelOrder(Guid OrderId, Guid? CustomerId, string? Reason) : ICommand<Result<OrderDetails>>;

internal sealed class CancelOrderValidator : AbstractValidator<CancelOrder>
{
    public CancelOrderValidator() => RuleFor(c => c.Reason).MaximumLength(500);
}
