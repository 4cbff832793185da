using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.SetCartLine;

/// <remarks>Two that have seen the same save the same version of the cart: the second runs again, and finds what the first has made of the line.</remarks>
internal sealed class SetCartLineHandler(OrderingDbContext db, ICatalogApi catalog, TimeProvider time) : IRequestHandler<SetCartLine, Result<CartDetails>>
{
    public async Task<Result<CartDetails>> Handle(SetCartLine command, CancellationToken cancellationToken)
    {
        if (await db.Carts.FindForAsync(command.CartId, command.CustomerId, cancellationToken) is not { } cart)
        {
            return CartQueries.NotFound(command.CartId);
        }

        var sku = Sku.Normalise(command.Sku);
        if (cart.WhyItHasChanged(sku, command.Seen) is { } changed)
        {
            return changed;
        }

        Result done;
        if (command.Quantity == 0)
        {
            done = cart.RemoveLine(sku, time.GetUtcNow());
        }
        else if ((await catalog.GetProductsAsync([sku], cancellationToken)).FirstOrDefault() is { } product)
        {
            done = cart.SetLine(product, command.Quantity, time.GetUtcNow());
        }
        else
        {
            done = OrderingError.ProductNotFound.Because($"There is no product {sku}.");
        }

        return done.Error is { } error ? error : CartDetails.Of(cart);
    }
}
