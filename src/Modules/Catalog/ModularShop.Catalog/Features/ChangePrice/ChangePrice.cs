namespace ModularShop.Catalog.Features.ChangePrice;

internal sealed record ChangePrice(string Sku, Money Price) : ICommand<Result>;

internal sealed class ChangePriceValidator : AbstractValidator<ChangePrice>
{
    public ChangePriceValidator()
    {
        RuleFor(c => c.Price.Currency).Must(Currencies.IsKnown).WithMessage(c => $"'{c.Price.Currency}' is no currency the shop knows; it takes ISO 4217 codes such as EUR.");
        RuleFor(c => c.Price.Amount).InclusiveBetween(1, 100_000_000_00).WithMessage("A price is 1 to 10,000,000,000 minor units.");
    }
}
