using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ChooseDefaultAddress;

internal sealed class ChooseDefaultAddressHandler(CustomersDbContext db) : IRequestHandler<ChooseDefaultAddress, Result>
{
    public async Task<Result> Handle(ChooseDefaultAddress command, CancellationToken cancellationToken) =>
        await db.OpenAccountAsync(command.AccountId, cancellationToken) is { } account
            ? account.ChooseDefaultAddress(command.AddressId)
            : AccountQueries.NoAccount(command.AccountId);
}
