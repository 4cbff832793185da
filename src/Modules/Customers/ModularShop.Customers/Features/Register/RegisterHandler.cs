using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Passwords;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.Register;

internal sealed class RegisterHandler(CustomersDbContext db, PasswordHashes hashes, Sessions sessions, TimeProvider time) : IRequestHandler<Register, Result<TokenPair>>
{
    public async Task<Result<TokenPair>> Handle(Register command, CancellationToken cancellationToken)
    {
        var email = EmailAddress.Normalise(command.Email);
        if (await db.Accounts.AnyAsync(a => a.Email == email, cancellationToken))
        {
            return CustomersError.EmailTaken.Because($"There is an account for {email} already; log in, or register with another address.");
        }

        var account = Account.Register(email, hashes.Of(command.Password), command.Name.Trim(), time.GetUtcNow());
        account.LogIn(command.AnonymousCartId);
        db.Add(account);
        return sessions.Start(account);
    }
}
