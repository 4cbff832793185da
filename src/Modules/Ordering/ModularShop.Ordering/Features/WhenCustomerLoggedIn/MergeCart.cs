using ModularShop.Customers.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.WhenCustomerLoggedIn;

internal sealed class MergeCart(OrderingDbContext db, TimeProvider time) : IMessageHandler<CustomerLoggedIn>
{
    public async Task Handle(Received<CustomerLoggedIn> received, CancellationToken cancellationToken)
    {
        var (customer, anonymousId) = received.Message;
        if (anonymousId is { } id
            && await db.Carts.SingleOrDefaultAsync(c => c.Id == id && c.CustomerId == null && c.Status == CartStatus.Open, cancellationToken) is { } anonymous)
        {
            var now = time.GetUtcNow();
            anonymous.MergeInto(await db.OpenCartOfAsync(customer, now, cancellationToken), now);
        }
    }
}
