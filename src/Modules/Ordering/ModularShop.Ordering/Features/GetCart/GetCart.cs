using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetCart;

internal sealed record GetCart(Guid CartId, Guid? CustomerId) : IQuery<Result<CartDetails>>;

/// <param name="Total">Without shipping; null while the cart is empty.</param>
internal sealed record CartDetails(Guid Id, CartStatus Status, IReadOnlyList<CartDetailsLine> Lines, Money? Total, PostalAddress? Address)
{
    public static CartDetails Of(Cart cart) => new(
        cart.Id, cart.Status,
        [.. cart.Lines.OrderBy(l => l.Position).Select(l => new CartDetailsLine(l.Sku, l.Name, l.UnitPrice, l.Quantity, l.Total))],
        cart.Total, cart.Address);
}

internal sealed record CartDetailsLine(string Sku, string Name, Money UnitPrice, int Quantity, Money Total);
