namespace ModularShop.Customers.Features.ChangePreferences;

internal sealed record ChangePreferences(Guid AccountId, string Language, string Currency, bool MarketingConsent) : ICommand<Result>;

internal sealed class ChangePreferencesValidator : AbstractValidator<ChangePreferences>
{
    public ChangePreferencesValidator()
    {
        RuleFor(c => c.Language).Must(IsLanguage).WithMessage("A language is two lower-case letters, with a country in upper case where it matters: en, pt-BR.");
        RuleFor(c => c.Currency).Must(Currencies.IsKnown).WithMessage("The shop knows no such currency; it takes ISO 4217 codes such as EUR.");
    }

    private static bool IsLanguage(string tag) => tag.Length is 2 or 5
        && char.IsAsciiLetterLower(tag[0]) && char.IsAsciiLetterLower(tag[1])
        && (tag.Length == 2 || (tag[2] == '-' && char.IsAsciiLetterUpper(tag[3]) && char.IsAsciiLetterUpper(tag[4])));
}
