using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.Register;

internal sealed record Register(string Email, string Password, string Name, Guid? AnonymousCartId) : ICommand<Result<TokenPair>>;

internal sealed class RegisterValidator : AbstractValidator<Register>
{
    public RegisterValidator()
    {
        RuleFor(c => c.Email).IsEmail();
        RuleFor(c => c.Name).IsName();
        RuleFor(c => c.Password).IsNewPassword(c => c.Email);
    }
}
