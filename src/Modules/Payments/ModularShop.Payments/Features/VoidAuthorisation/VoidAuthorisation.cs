namespace ModularShop.Payments.Features.VoidAuthorisation;

internal sealed record VoidAuthorisation(Guid OrderId) : ICommand<Result>;
