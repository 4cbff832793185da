using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListAllOrders;

internal sealed class ListAllOrdersHandler(OrderingDbContext db) : IRequestHandler<ListAllOrders, Result<Page<OrderRow>>>
{
    public async Task<Result<Page<OrderRow>>> Handle(ListAllOrders query, CancellationToken cancellationToken)
    {
        var orders = query.Status is { } status ? db.OrderList.Where(o => o.Status == status) : db.OrderList;
        return await orders.NewestFirstAsync(query.After, query.Size, cancellationToken) is { } page
            ? page
            : RequestError.Cursor.Because("'after' is not the 'next' of a page of this list.");
    }
}
