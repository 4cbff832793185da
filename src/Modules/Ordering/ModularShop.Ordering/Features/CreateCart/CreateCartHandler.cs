using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.CreateCart;

/// <summary>A customer has one open cart: asking again finds it.</summary>
internal sealed class CreateCartHandler(OrderingDbContext db, TimeProvider time) : IRequestHandler<CreateCart, Result<CartDetails>>
{
    public async Task<Result<CartDetails>> Handle(CreateCart command, CancellationToken cancellationToken)
    {
        if (command.CustomerId is { } customer)
        {
            return CartDetails.Of(await db.OpenCartOfAsync(customer, time.GetUtcNow(), cancellationToken));
        }

        var cart = Cart.OpenFrom(time.GetUtcNow(), customerId: null);
        db.Add(cart);
        return CartDetails.Of(cart);
    }
}
