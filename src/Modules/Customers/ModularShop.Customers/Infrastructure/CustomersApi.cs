using ModularShop.Customers.Contracts;

namespace ModularShop.Customers.Infrastructure;

internal sealed class CustomersApi(CustomersDbContext db) : ICustomersApi
{
    public Task<PostalAddress?> GetAddressAsync(Guid customerId, Guid addressId, CancellationToken cancellationToken) => (
        from account in db.Accounts.AsNoTracking()
        from address in account.Addresses
        where account.Id == customerId && address.Id == addressId
        select new PostalAddress(address.Recipient, address.Line1, address.City, address.PostalCode, address.Country, address.Line2, address.Region))
        .SingleOrDefaultAsync(cancellationToken);
}
