using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ChangePreferences;

internal sealed class ChangePreferencesHandler(CustomersDbContext db, TimeProvider time) : IRequestHandler<ChangePreferences, Result>
{
    public async Task<Result> Handle(ChangePreferences command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        account.Prefer(command.Language, command.Currency, command.MarketingConsent, time.GetUtcNow());
        return Result.Ok;
    }
}
