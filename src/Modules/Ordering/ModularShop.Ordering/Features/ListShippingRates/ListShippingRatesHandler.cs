using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.ListShippingRates;

internal sealed class ListShippingRatesHandler(OrderingDbContext db, IShippingApi shipping) : IRequestHandler<ListShippingRates, Result<Page<CartRate>>>
{
    public async Task<Result<Page<CartRate>>> Handle(ListShippingRates query, CancellationToken cancellationToken)
    {
        if (await db.Carts.AsNoTracking().FindForAsync(query.CartId, query.CustomerId, cancellationToken) is not { } cart)
        {
            return CartQueries.NotFound(query.CartId);
        }

        if (cart.Total is not { } items)
        {
            return OrderingError.CartEmpty.Because("The cart is empty; put a product into it first.");
        }

        var rates = await shipping.EstimateAsync(query.Country, Parcel.Weight(cart.WeightGrams), items.Currency, cancellationToken);
        return new Page<CartRate>([.. rates.Select(r => CartRate.Of(r, items))], Next: null);
    }
}
