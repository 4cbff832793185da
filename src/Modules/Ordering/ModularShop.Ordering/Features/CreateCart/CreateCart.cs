using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.CreateCart;

/// <param name="CustomerId">Null makes an anonymous cart.</param>
internal sealed record CreateCart(Guid? CustomerId) : ICommand<Result<CartDetails>>;
