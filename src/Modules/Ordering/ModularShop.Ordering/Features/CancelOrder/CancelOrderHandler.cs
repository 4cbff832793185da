using Microsoft.Extensions.Options;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetOrder;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.CancelOrder;

internal sealed class CancelOrderHandler(OrderingDbContext db, IOptions<CheckoutOptions> options, TimeProvider time)
    : IRequestHandler<CancelOrder, Result<OrderDetails>>
{
    public async Task<Result<OrderDetails>> Handle(CancelOrder command, CancellationToken cancellationToken)
    {
        if (await db.Orders.FindForAsync(command.OrderId, command.CustomerId, cancellationToken) is not { } order
            || await db.Checkouts.FindAsync([order.Id], cancellationToken) is not { } saga)
        {
            return OrderQueries.NotFound(command.OrderId);
        }

        if (order.Status is OrderStatus.Cancelling or OrderStatus.Cancelled)
        {
            return OrderDetails.Of(order);
        }

        var reason = command.CustomerId is null ? EndReasons.CancelledByShop(command.Reason?.Trim()) : EndReasons.CancelledByCustomer;
        if (order.RequestCancellation(reason).Error is { } error)
        {
            return error;
        }

        saga.Cancel(order, reason, options.Value, time.GetUtcNow());
        return OrderDetails.Of(order);
    }
}
