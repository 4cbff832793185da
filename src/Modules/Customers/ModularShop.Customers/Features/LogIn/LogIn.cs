using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.LogIn;

internal sealed record LogIn(string Email, string Password, Guid? AnonymousCartId) : ICommand<Result<Answer<TokenPair>>>;

internal sealed class LogInValidator : AbstractValidator<LogIn>
{
    public LogInValidator()
    {
        RuleFor(c => c.Email).Must(EmailAddress.IsReadable).WithMessage($"An email address has at most {EmailAddress.MaxLength} characters.");
        RuleFor(c => c.Password).IsPasswordToCheck();
    }
}
