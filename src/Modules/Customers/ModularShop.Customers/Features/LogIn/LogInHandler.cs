using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Passwords;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.LogIn;

internal sealed class LogInHandler(CustomersDbContext db, PasswordCheck passwords, Sessions sessions) : IRequestHandler<LogIn, Result<Answer<TokenPair>>>
{
    public async Task<Result<Answer<TokenPair>>> Handle(LogIn command, CancellationToken cancellationToken)
    {
        // Whether or not there is such an account, the same steps are taken, so that neither answer nor time tells.
        var email = EmailAddress.Normalise(command.Email);
        var account = EmailAddress.IsValid(email) ? await db.AccountOfEmailAsync(email, cancellationToken) : null;
        var wrong = CustomersError.BadCredentials.Because("Email or password is wrong.");
        if (await passwords.RefusalAsync(email, account, command.Password, wrong, cancellationToken) is { } refusal)
        {
            return Answer<TokenPair>.Refused(refusal);
        }

        account!.LogIn(command.AnonymousCartId);
        return Answer<TokenPair>.Of(sessions.Start(account));
    }
}
