using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListOrders;

internal sealed record ListOrders(Guid CustomerId, string? After, int Size) : IQuery<Result<Page<OrderRow>>>;

internal sealed class ListOrdersValidator : AbstractValidator<ListOrders>
{
    public ListOrdersValidator() => RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
}
