using Microsoft.Extensions.Logging;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Passwords;

namespace ModularShop.Customers.Features.CreateOperator;

internal sealed class CreateOperatorHandler(CustomersDbContext db, PasswordHashes hashes, TimeProvider time, ILogger<CreateOperatorHandler> logger)
    : IRequestHandler<CreateOperator, Result<NewOperator>>
{
    public async Task<Result<NewOperator>> Handle(CreateOperator command, CancellationToken cancellationToken)
    {
        var email = EmailAddress.Normalise(command.Email);
        if (await db.Accounts.AnyAsync(a => a.Email == email, cancellationToken))
        {
            return CustomersError.EmailTaken.Because($"There is an account for {email} already; an operator's account is one of its own, with an address of its own.");
        }

        var account = Account.Operator(email, hashes.Of(command.Password), command.Name.Trim(), time.GetUtcNow());
        db.Add(account);
        Log.OperatorCreated(logger, account.Id, command.CreatedBy);
        return new NewOperator(account.Id, account.Email, account.Name);
    }
}
