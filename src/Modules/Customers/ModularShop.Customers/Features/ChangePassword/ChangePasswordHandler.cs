using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Passwords;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.ChangePassword;

internal sealed class ChangePasswordHandler(CustomersDbContext db, PasswordCheck passwords, PasswordHashes hashes, Sessions sessions)
    : IRequestHandler<ChangePassword, Result<Answer<Unit>>>
{
    public async Task<Result<Answer<Unit>>> Handle(ChangePassword command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        // The validator does not know whose password it is.
        if (PasswordRules.Violations(command.NewPassword, account.Email).ToArray() is { Length: > 0 } violations)
        {
            return RequestError.Invalid.Because("The new password is not good enough; 'errors' says why.")
                with { Fields = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["newPassword"] = violations } };
        }

        var wrong = CustomersError.WrongPassword.Because("The current password is wrong; nothing was changed.");
        if (await passwords.RefusalAsync(account.Email, account, command.CurrentPassword, wrong, cancellationToken) is { } refusal)
        {
            return Answer<Unit>.Refused(refusal);
        }

        account.PasswordHash = hashes.Of(command.NewPassword);
        await sessions.EndAllAsync(account.Id, command.SessionId, SessionEnd.PasswordChanged, cancellationToken);
        return Answer<Unit>.Of(Unit.Value);
    }
}
