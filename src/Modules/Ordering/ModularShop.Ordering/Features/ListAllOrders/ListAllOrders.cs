using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListAllOrders;

internal sealed record ListAllOrders(OrderStatus? Status, string? After, int Size) : IQuery<Result<Page<OrderRow>>>;

internal sealed class ListAllOrdersValidator : AbstractValidator<ListAllOrders>
{
    public ListAllOrdersValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Status).IsInEnum().WithMessage($"A status is one of {string.Join(", ", Enum.GetNames<OrderStatus>())}.");
    }
}
