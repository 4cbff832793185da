using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.GetOrderHistory;

internal sealed class GetOrderHistoryHandler(OrderingDbContext db) : IRequestHandler<GetOrderHistory, Result<Page<HistoryRow>>>
{
    public async Task<Result<Page<HistoryRow>>> Handle(GetOrderHistory query, CancellationToken cancellationToken)
    {
        if (!await db.Orders.AnyAsync(o => o.Id == query.OrderId && (query.CustomerId == null || o.CustomerId == query.CustomerId), cancellationToken))
        {
            return OrderQueries.NotFound(query.OrderId);
        }

        // An order has some twenty entries in its life: one page.
        var rows = await db.History.AsNoTracking().Where(e => e.OrderId == query.OrderId)
            .OrderBy(e => e.At).ThenBy(e => e.Kind)
            .Select(e => new HistoryRow(e.At, e.Kind, e.Text))
            .ToListAsync(cancellationToken);
        return new Page<HistoryRow>(rows, Next: null);
    }
}
