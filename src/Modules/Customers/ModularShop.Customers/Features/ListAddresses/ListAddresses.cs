using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.ListAddresses;

internal sealed record ListAddresses(Guid AccountId) : IQuery<Result<Page<AddressView>>>;

internal sealed record AddressView(
    Guid Id, string Recipient, string Line1, string? Line2, string City, string? Region, string PostalCode, string Country, bool IsDefault)
{
    public static AddressView Of(Account account, Address a) =>
        new(a.Id, a.Recipient, a.Line1, a.Line2, a.City, a.Region, a.PostalCode, a.Country, account.DefaultAddressId == a.Id);
}
