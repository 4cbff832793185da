using System.Text.Json;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListAllOrders;

/// <param name="Status">Name of an <see cref="OrderStatus"/>, in any case; null for all.</param>
internal sealed record ListAllOrders(string? Status, string? After, int Size) : IQuery<Result<Page<OrderRow>>>;

internal sealed class ListAllOrdersValidator : AbstractValidator<ListAllOrders>
{
    public ListAllOrdersValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Status).IsEnumName(typeof(OrderStatus), caseSensitive: false)
            .WithMessage($"A status is one of {string.Join(", ", Enum.GetNames<OrderStatus>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.");
    }
}
