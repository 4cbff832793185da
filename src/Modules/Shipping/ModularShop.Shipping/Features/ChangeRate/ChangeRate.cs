namespace ModularShop.Shipping.Features.ChangeRate;

/// <param name="Band">Its upper limit in grams.</param>
internal sealed record ChangeRate(string Zone, string Service, int Band, Money Price) : ICommand<Result>;

internal sealed class ChangeRateValidator : AbstractValidator<ChangeRate>
{
    public ChangeRateValidator() =>
        RuleFor(c => c.Price.Amount).InclusiveBetween(1, 1_000_000_00).WithMessage("A rate is 1 to 100,000,000 minor units.");
}
