using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.RemoveCartLine;

internal sealed record RemoveCartLine(Guid CartId, Guid? CustomerId, string Sku) : ICommand<Result<CartDetails>>;
