using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.UnlockAccount;

internal sealed class UnlockAccountHandler(CustomersDbContext db) : IRequestHandler<UnlockAccount, Result>
{
    public async Task<Result> Handle(UnlockAccount command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        var hash = LogInAttempts.HashOf(account.Email);
        var attempts = await db.LogInAttempts.SingleOrDefaultAsync(a => a.EmailHash == hash, cancellationToken);
        attempts?.Unlock();
        return Result.Ok;
    }
}
