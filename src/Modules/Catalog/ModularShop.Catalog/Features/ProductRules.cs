using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features;

/// <summary>What requests may say about products.</summary>
internal static class ProductRules
{
    public static void Price<T>(this AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, string>> currency, System.Linq.Expressions.Expression<Func<T, long>> amount)
    {
        validator.RuleFor(currency).Must(Currencies.IsKnown).WithMessage("'{PropertyValue}' is no currency the shop knows; it takes ISO 4217 codes such as EUR.");
        validator.RuleFor(amount).InclusiveBetween(1, Product.MaxPrice).WithMessage($"A price is 1 to {Product.MaxPrice} minor units.");
    }

    public static IRuleBuilderOptions<T, string> Text<T>(this IRuleBuilder<T, string> rule, int maxLength) =>
        rule.NotNull().MaximumLength(maxLength).Must(Domain.Text.IsPlain).WithMessage(Domain.Text.Rule);

    public static IRuleBuilderOptions<T, string> Name<T>(this IRuleBuilder<T, string> rule, int maxLength) => rule.NotEmpty().Text(maxLength);

    public static IRuleBuilderOptions<T, IReadOnlyDictionary<string, string>> Attributes<T>(this IRuleBuilder<T, IReadOnlyDictionary<string, string>> rule) => rule
        .Must(a => a.Count <= Product.MaxAttributes).WithMessage($"A product has at most {Product.MaxAttributes} attributes.")
        // To SQL Server two names are the same that differ in spaces behind them.
        .Must(a => a.Keys.All(name => name.Length is > 0 and <= Product.MaxAttributeNameLength && name.Trim().Length == name.Length && Domain.Text.IsPlain(name)))
        .WithMessage($"The name of an attribute is 1 to {Product.MaxAttributeNameLength} characters of text, and neither begins nor ends with a space.")
        .Must(a => a.Values.All(value => value is { Length: <= Product.MaxAttributeValueLength } && Domain.Text.IsPlain(value)))
        .WithMessage($"The value of an attribute is at most {Product.MaxAttributeValueLength} characters of text.");

    public static IRuleBuilderOptions<T, string?> ETag<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(ProductETag.IsValid).WithMessage("The header If-Match is the ETag that GET answered with, such as \"3\", or *.");
}
