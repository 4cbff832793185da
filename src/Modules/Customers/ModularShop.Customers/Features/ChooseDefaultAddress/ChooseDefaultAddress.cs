namespace ModularShop.Customers.Features.ChooseDefaultAddress;

internal sealed record ChooseDefaultAddress(Guid AccountId, Guid AddressId) : ICommand<Result>;
