using System.Text.RegularExpressions;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure;

/// <summary>The rules that several requests share, for their validators.</summary>
internal static partial class AccountRules
{
    public static IRuleBuilderOptions<T, string> IsEmail<T>(this IRuleBuilder<T, string> rule) => rule
        .Must(EmailAddress.IsValid).WithMessage($"This is no email address: something, an @ and a domain, at most {EmailAddress.MaxLength} characters.");

    public static IRuleBuilderOptions<T, string> IsName<T>(this IRuleBuilder<T, string> rule) => rule
        .Must(n => n.Length <= 100 && !string.IsNullOrWhiteSpace(n) && !n.Any(char.IsControl)).WithMessage("A name is 1 to 100 characters on one line.");

    public static IRuleBuilderOptions<T, string?> IsPhone<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(p => p is null || (p.Length <= 30 && Phone().IsMatch(p))).WithMessage("A phone number is 5 to 30 digits, spaces and ( ) - . /, with an optional + in front.");

    /// <summary>Short enough to be compared; whether it is right is another question.</summary>
    public static IRuleBuilderOptions<T, string> IsPasswordToCheck<T>(this IRuleBuilder<T, string> rule) => rule
        .Must(p => p.Length is > 0 and <= PasswordRules.MaxLength).WithMessage($"A password has 1 to {PasswordRules.MaxLength} characters.");

    public static void IsNewPassword<T>(this IRuleBuilderInitial<T, string> rule, Func<T, string> email) => rule.Custom((password, context) =>
    {
        var owner = email(context.InstanceToValidate);
        foreach (var violation in PasswordRules.Violations(password, EmailAddress.IsValid(owner) ? EmailAddress.Normalise(owner) : ""))
        {
            context.AddFailure(violation);
        }
    });

    [GeneratedRegex(@"^\+?[0-9][0-9 ()./-]{4,28}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Phone();
}
