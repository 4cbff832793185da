using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ListAddresses;

/// <summary>In the order in which they were added; there are so few that one page has them all.</summary>
internal sealed class ListAddressesHandler(CustomersDbContext db) : IRequestHandler<ListAddresses, Result<Page<AddressView>>>
{
    public async Task<Result<Page<AddressView>>> Handle(ListAddresses query, CancellationToken cancellationToken) =>
        await db.OpenAccountAsync(query.AccountId, cancellationToken) is { } account
            ? new Page<AddressView>([.. account.Addresses.OrderBy(a => a.AddedAt).Select(a => AddressView.Of(account, a))], Next: null)
            : AccountQueries.NoAccount(query.AccountId);
}
