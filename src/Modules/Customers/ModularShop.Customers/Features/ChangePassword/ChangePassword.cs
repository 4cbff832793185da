using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ChangePassword;

/// <param name="SessionId">The session that stays; all others end.</param>
internal sealed record ChangePassword(Guid AccountId, Guid? SessionId, string CurrentPassword, string NewPassword) : ICommand<Result<Answer<Unit>>>;

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePassword>
{
    public ChangePasswordValidator()
    {
        RuleFor(c => c.CurrentPassword).IsPasswordToCheck();
        RuleFor(c => c.NewPassword).IsNewPassword(_ => "");
    }
}
