using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenOrderRejected;

/// <summary>Nobody fills a cart twice because a card was declined: the lines are in the customer's open cart again, or in a new one.</summary>
internal sealed class ReturnLinesToCart(OrderingDbContext db, TimeProvider time) : IMessageHandler<OrderRejected>
{
    public async Task Handle(Received<OrderRejected> received, CancellationToken cancellationToken)
    {
        if (await db.Orders.FindAsync([received.Message.OrderId], cancellationToken) is not { } order)
        {
            return;
        }

        var now = time.GetUtcNow();
        var cart = await db.OpenCartOfAsync(order.CustomerId, now, cancellationToken);
        // What does not fit, because the customer has gone on shopping meanwhile, can still be read in the order.
        foreach (var line in order.Lines.OrderBy(l => l.Position))
        {
            cart.TryAdd(line.AsItem(), now);
        }

        order.ReturnTo(cart);
    }
}
