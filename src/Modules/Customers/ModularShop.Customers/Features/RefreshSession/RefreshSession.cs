using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.RefreshSession;

internal sealed record RefreshSession(string RefreshToken) : ICommand<Result<Answer<TokenPair>>>;

internal sealed class RefreshSessionValidator : AbstractValidator<RefreshSession>
{
    public RefreshSessionValidator() => RuleFor(c => c.RefreshToken).Must(t => t.Length is > 0 and <= RefreshSecret.MaxLength).WithMessage("This is no refresh token.");
}
