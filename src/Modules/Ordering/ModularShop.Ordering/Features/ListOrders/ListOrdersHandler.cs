using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListOrders;

internal sealed class ListOrdersHandler(OrderingDbContext db) : IRequestHandler<ListOrders, Result<Page<OrderRow>>>
{
    public async Task<Result<Page<OrderRow>>> Handle(ListOrders query, CancellationToken cancellationToken) =>
        await db.OrderList.Where(o => o.CustomerId == query.CustomerId).NewestFirstAsync(query.After, query.Size, cancellationToken) is { } page
            ? page
            : RequestError.Cursor.Because("'after' is not the 'next' of a page of this list.");
}
