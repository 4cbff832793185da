using System.Text.Json;
using ModularShop.Ordering.Contracts;

namespace ModularShop.Ordering.Infrastructure;

internal sealed class OrderingApi(OrderingDbContext db) : IOrderingApi
{
    public async Task<OrderSummary?> GetOrderAsync(Guid orderId, CancellationToken cancellationToken) =>
        await db.Orders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == orderId, cancellationToken) is { } order
            ? new OrderSummary(order.Id, order.Number, order.CustomerId, JsonNamingPolicy.CamelCase.ConvertName(order.Status.ToString()), order.Total, order.PlacedAt)
            : null;
}
