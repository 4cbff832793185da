namespace ModularShop.Catalog.Features.ChangePrice;

internal sealed record ChangePrice(string Sku, Money Price, string? IfMatch) : ICommand<Result>;

internal sealed class ChangePriceValidator : AbstractValidator<ChangePrice>
{
    public ChangePriceValidator()
    {
        this.Price(c => c.Price.Currency, c => c.Price.Amount);
        RuleFor(c => c.IfMatch).ETag();
    }
}
