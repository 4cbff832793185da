using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure;

internal static class CartQueries
{
    /// <summary>Null where there is no such cart, and where it is somebody else's.</summary>
    public static async Task<Cart?> FindForAsync(this IQueryable<Cart> carts, Guid id, Guid? customerId, CancellationToken cancellationToken) =>
        await carts.SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is { } cart && cart.AnswersTo(customerId) ? cart : null;

    /// <summary>The customer's open cart, or a new one.</summary>
    public static async Task<Cart> OpenCartOfAsync(this OrderingDbContext db, Guid customerId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Carts.SingleOrDefaultAsync(c => c.OpenFor == customerId, cancellationToken) is { } open)
        {
            return open;
        }

        // Where a request opens one at the same moment, this save fails on the unique index and is tried again.
        var cart = Cart.OpenFrom(now, customerId);
        db.Add(cart);
        return cart;
    }

    public static Error NotFound(Guid id) => OrderingError.CartNotFound.Because($"There is no cart {id}, or it is not yours; POST to carts makes one.");
}
