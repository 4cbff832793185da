using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.LogOut;

internal sealed record LogOut(string RefreshToken) : ICommand<Result>;

internal sealed class LogOutValidator : AbstractValidator<LogOut>
{
    public LogOutValidator() => RuleFor(c => c.RefreshToken).Must(t => t.Length is > 0 and <= RefreshSecret.MaxLength).WithMessage("This is no refresh token.");
}
