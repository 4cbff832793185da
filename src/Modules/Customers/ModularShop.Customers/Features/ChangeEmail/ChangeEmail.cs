using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ChangeEmail;

internal sealed record ChangeEmail(Guid AccountId, string Email, string Password) : ICommand<Result<Answer<Unit>>>;

internal sealed class ChangeEmailValidator : AbstractValidator<ChangeEmail>
{
    public ChangeEmailValidator()
    {
        RuleFor(c => c.Email).IsEmail();
        RuleFor(c => c.Password).IsPasswordToCheck();
    }
}
