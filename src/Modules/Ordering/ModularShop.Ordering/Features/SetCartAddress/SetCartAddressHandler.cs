using ModularShop.Customers.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.SetCartAddress;

/// <summary>The address is copied: what the customer changes in the address book later does not move the parcel.</summary>
internal sealed class SetCartAddressHandler(OrderingDbContext db, ICustomersApi customers, TimeProvider time)
    : IRequestHandler<SetCartAddress, Result<CartDetails>>
{
    public async Task<Result<CartDetails>> Handle(SetCartAddress command, CancellationToken cancellationToken)
    {
        if (await db.Carts.FindForAsync(command.CartId, command.CustomerId, cancellationToken) is not { } cart)
        {
            return CartQueries.NotFound(command.CartId);
        }

        var address = command.Address;
        if (command.AddressId is { } id)
        {
            address = await customers.GetAddressAsync(command.CustomerId, id, cancellationToken);
        }

        if (address is null)
        {
            return OrderingError.AddressNotFound.Because($"You have no address {command.AddressId}.");
        }

        return cart.SendTo(address, time.GetUtcNow()).Error is { } error ? error : CartDetails.Of(cart);
    }
}
