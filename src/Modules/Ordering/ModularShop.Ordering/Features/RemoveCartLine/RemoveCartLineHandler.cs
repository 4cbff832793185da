using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.RemoveCartLine;

internal sealed class RemoveCartLineHandler(OrderingDbContext db, TimeProvider time) : IRequestHandler<RemoveCartLine, Result<CartDetails>>
{
    public async Task<Result<CartDetails>> Handle(RemoveCartLine command, CancellationToken cancellationToken)
    {
        if (await db.Carts.FindForAsync(command.CartId, command.CustomerId, cancellationToken) is not { } cart)
        {
            return CartQueries.NotFound(command.CartId);
        }

        return cart.RemoveLine(Sku.Normalise(command.Sku), time.GetUtcNow()).Error is { } error ? error : CartDetails.Of(cart);
    }
}
