using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.GetOrder;

internal sealed class GetOrderHandler(OrderingDbContext db) : IRequestHandler<GetOrder, Result<OrderDetails>>
{
    public async Task<Result<OrderDetails>> Handle(GetOrder query, CancellationToken cancellationToken) =>
        await db.Orders.AsNoTracking().FindForAsync(query.OrderId, query.CustomerId, cancellationToken) is { } order
            ? OrderDetails.Of(order)
            : OrderQueries.NotFound(query.OrderId);
}
