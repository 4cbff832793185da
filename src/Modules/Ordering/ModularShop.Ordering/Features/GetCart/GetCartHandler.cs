using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.GetCart;

internal sealed class GetCartHandler(OrderingDbContext db) : IRequestHandler<GetCart, Result<CartDetails>>
{
    public async Task<Result<CartDetails>> Handle(GetCart query, CancellationToken cancellationToken) =>
        await db.Carts.AsNoTracking().FindForAsync(query.CartId, query.CustomerId, cancellationToken) is { } cart
            ? CartDetails.Of(cart)
            : CartQueries.NotFound(query.CartId);
}
