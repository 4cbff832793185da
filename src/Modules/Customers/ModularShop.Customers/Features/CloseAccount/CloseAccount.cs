namespace ModularShop.Customers.Features.CloseAccount;

internal sealed record CloseAccount(Guid AccountId) : ICommand<Result>;
