using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.CloseAccount;

internal sealed class CloseAccountHandler(CustomersDbContext db, Sessions sessions, TimeProvider time) : IRequestHandler<CloseAccount, Result>
{
    public async Task<Result> Handle(CloseAccount command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        var hash = LogInAttempts.HashOf(account.Email);
        if (await db.LogInAttempts.SingleOrDefaultAsync(a => a.EmailHash == hash, cancellationToken) is { } attempts)
        {
            db.Remove(attempts);
        }

        await sessions.EndAllAsync(account.Id, except: null, SessionEnd.AccountClosed, cancellationToken);
        account.Close(time.GetUtcNow());
        return Result.Ok;
    }
}
