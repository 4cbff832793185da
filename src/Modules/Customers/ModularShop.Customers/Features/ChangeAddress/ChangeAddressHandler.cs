using ModularShop.Customers.Features.ListAddresses;
using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ChangeAddress;

internal sealed class ChangeAddressHandler(CustomersDbContext db) : IRequestHandler<ChangeAddress, Result<AddressView>>
{
    public async Task<Result<AddressView>> Handle(ChangeAddress command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        var changed = account.ChangeAddress(command.AddressId, command.Address);
        return changed.Error is { } error ? error : AddressView.Of(account, changed.Value);
    }
}
