namespace ModularShop.Customers.Features.UnlockAccount;

internal sealed record UnlockAccount(Guid AccountId) : ICommand<Result>;
