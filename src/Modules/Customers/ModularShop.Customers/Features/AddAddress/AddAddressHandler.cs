using ModularShop.Customers.Features.ListAddresses;
using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.AddAddress;

internal sealed class AddAddressHandler(CustomersDbContext db, TimeProvider time) : IRequestHandler<AddAddress, Result<AddressView>>
{
    public async Task<Result<AddressView>> Handle(AddAddress command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        var added = account.AddAddress(command.Address, time.GetUtcNow());
        return added.Error is { } error ? error : AddressView.Of(account, added.Value);
    }
}
