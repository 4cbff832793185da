using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.GetMyCart;

internal sealed record GetMyCart(Guid CustomerId) : IQuery<Result<CartDetails>>;
