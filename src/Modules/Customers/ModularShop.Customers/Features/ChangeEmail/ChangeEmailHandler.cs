using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Passwords;

namespace ModularShop.Customers.Features.ChangeEmail;

internal sealed class ChangeEmailHandler(CustomersDbContext db, PasswordCheck passwords) : IRequestHandler<ChangeEmail, Result<Answer<Unit>>>
{
    public async Task<Result<Answer<Unit>>> Handle(ChangeEmail command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        var wrong = CustomersError.WrongPassword.Because("The password is wrong; nothing was changed.");
        if (await passwords.RefusalAsync(account.Email, account, command.Password, wrong, cancellationToken) is { } refusal)
        {
            return Answer<Unit>.Refused(refusal);
        }

        var email = EmailAddress.Normalise(command.Email);
        if (await db.Accounts.AnyAsync(a => a.Email == email && a.Id != account.Id, cancellationToken))
        {
            return CustomersError.EmailTaken.Because($"There is an account for {email} already; nothing was changed.");
        }

        account.Email = email;
        return Answer<Unit>.Of(Unit.Value);
    }
}
