using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.GetMyCart;

internal sealed class GetMyCartHandler(OrderingDbContext db) : IRequestHandler<GetMyCart, Result<CartDetails>>
{
    public async Task<Result<CartDetails>> Handle(GetMyCart query, CancellationToken cancellationToken) =>
        await db.Carts.AsNoTracking().SingleOrDefaultAsync(c => c.OpenFor == query.CustomerId, cancellationToken) is { } cart
            ? CartDetails.Of(cart)
            : OrderingError.CartNotFound.Because("You have no cart at the moment; POST to carts makes one.");
}
