using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.ListAllOrders;

internal sealed class ListAllOrdersHandler(OrderingDbContext db) : IRequestHandler<ListAllOrders, Result<Page<OrderRow>>>
{
    public async Task<Result<Page<OrderRow>>> Handle(ListAllOrders query, CancellationToken cancellationToken)
    {
        IQueryable<OrderListEntry> orders = db.OrderList;
        if (query.Status is { } name)
        {
            var status = Enum.Parse<OrderStatus>(name, ignoreCase: true);
            orders = orders.Where(o => o.Status == status);
        }

        return await orders.NewestFirstAsync(query.After, query.Size, cancellationToken) is { } page
            ? page
            : RequestError.Cursor.Because("'after' is not the 'next' of a page of this list.");
    }
}
