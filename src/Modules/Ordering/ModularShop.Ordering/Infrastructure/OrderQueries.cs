using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure;

internal static class OrderQueries
{
    /// <summary>Null where there is no such order, and where it is not <paramref name="customerId"/>'s; without one, anybody's.</summary>
    public static Task<Order?> FindForAsync(this IQueryable<Order> orders, Guid id, Guid? customerId, CancellationToken cancellationToken) =>
        orders.SingleOrDefaultAsync(o => o.Id == id && (customerId == null || o.CustomerId == customerId), cancellationToken);

    /// <summary>The order with its saga; null where a message is about an order that is not here.</summary>
    public static async Task<Checkout?> FindCheckoutAsync(this OrderingDbContext db, Guid orderId, CancellationToken cancellationToken) =>
        await db.Checkouts.SingleOrDefaultAsync(s => s.Id == orderId, cancellationToken) is { } saga
        && await db.Orders.SingleOrDefaultAsync(o => o.Id == orderId, cancellationToken) is { } order
            ? new Checkout(saga, order)
            : null;

    public static Error NotFound(Guid id) => OrderingError.OrderNotFound.Because($"There is no order {id}, or it is not yours.");

    /// <summary>A page of the list, newest first; null where <paramref name="after"/> is no position in it.</summary>
    public static async Task<Page<OrderRow>?> NewestFirstAsync(
        this IQueryable<OrderListEntry> orders, string? after, int size, CancellationToken cancellationToken)
    {
        if (after is not null)
        {
            if (!Cursor.TryDecode<Position>(after, out var last))
            {
                return null;
            }

            orders = orders.Where(o => o.PlacedAt < last.PlacedAt || (o.PlacedAt == last.PlacedAt && string.Compare(o.Number, last.Number) > 0));
        }

        var rows = await orders.AsNoTracking().OrderByDescending(o => o.PlacedAt).ThenBy(o => o.Number).Take(size + 1).ToListAsync(cancellationToken);
        return Page<OrderRow>.Of(
            rows, size, o => new OrderRow(o.OrderId, o.Number, o.CustomerId, o.Status, o.Reason, o.Total, o.Pieces, o.PlacedAt),
            o => new Position(o.PlacedAt, o.Number));
    }

    internal sealed record Position(DateTimeOffset PlacedAt, string Number);
}

internal sealed record Checkout(CheckoutSaga Saga, Order Order);

/// <summary>An order in a list.</summary>
internal sealed record OrderRow(
    Guid Id, string Number, Guid CustomerId, OrderStatus Status, string? Reason, Money Total, int Pieces, DateTimeOffset PlacedAt);
