namespace ModularShop.Customers.Features.LogOutEverywhere;

internal sealed record LogOutEverywhere(Guid AccountId) : ICommand<Result>;
