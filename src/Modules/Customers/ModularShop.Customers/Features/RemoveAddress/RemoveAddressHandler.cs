using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.RemoveAddress;

internal sealed class RemoveAddressHandler(CustomersDbContext db) : IRequestHandler<RemoveAddress, Result>
{
    public async Task<Result> Handle(RemoveAddress command, CancellationToken cancellationToken) =>
        await db.OpenAccountAsync(command.AccountId, cancellationToken) is { } account
            ? account.RemoveAddress(command.AddressId)
            : AccountQueries.NoAccount(command.AccountId);
}
