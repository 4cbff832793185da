namespace ModularShop.Customers.Features.RemoveAddress;

internal sealed record RemoveAddress(Guid AccountId, Guid AddressId) : ICommand<Result>;
