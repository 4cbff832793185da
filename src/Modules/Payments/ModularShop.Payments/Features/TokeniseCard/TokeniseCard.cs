using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.TokeniseCard;

internal sealed record TokeniseCard(Guid CustomerId, CardDetails Card) : ICommand<Result<CardToken>>;

/// <param name="Token">What a checkout pays with; good for this customer only.</param>
internal sealed record CardToken(string Token, string Brand, string Last4);

internal sealed class TokeniseCardValidator : AbstractValidator<TokeniseCard>
{
    private const int YearsAhead = 20;

    public TokeniseCardValidator(TimeProvider time)
    {
        // No message repeats what was sent.
        RuleFor(c => c.Card.Number).Must(CardNumber.IsValid).OverridePropertyName("number")
            .WithMessage("A card number has 12 to 19 digits, the last of which checks the others; one of them is wrong or missing.");
        RuleFor(c => c.Card.Cvc).Must(cvc => cvc is { Length: 3 or 4 } && cvc.All(char.IsAsciiDigit)).OverridePropertyName("cvc")
            .WithMessage("The security code has 3 or 4 digits.");
        RuleFor(c => c.Card.ExpiryMonth).InclusiveBetween(1, 12).OverridePropertyName("expiryMonth").WithMessage("A month is 1 to 12.");
        RuleFor(c => c.Card.ExpiryYear).Must(year => year >= time.GetUtcNow().Year && year <= time.GetUtcNow().Year + YearsAhead).OverridePropertyName("expiryYear")
            .WithMessage(_ => $"A year is {time.GetUtcNow().Year} to {time.GetUtcNow().Year + YearsAhead}, with four digits: an earlier card has expired.");
        RuleFor(c => c.Card.ExpiryMonth).Must((c, month) => c.Card.ExpiryYear != time.GetUtcNow().Year || month >= time.GetUtcNow().Month)
            .OverridePropertyName("expiryMonth").WithMessage("The card has expired.");
    }
}
