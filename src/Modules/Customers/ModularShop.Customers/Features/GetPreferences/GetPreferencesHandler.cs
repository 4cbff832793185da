using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.GetPreferences;

internal sealed class GetPreferencesHandler(CustomersDbContext db) : IRequestHandler<GetPreferences, Result<Preferences>>
{
    public async Task<Result<Preferences>> Handle(GetPreferences query, CancellationToken cancellationToken) =>
        await db.Accounts.AsNoTracking().Where(a => a.Id == query.AccountId && a.ClosedAt == null)
            .Select(a => new Preferences(a.Language, a.Currency, a.MarketingConsent, a.MarketingConsentChangedAt))
            .SingleOrDefaultAsync(cancellationToken) is { } preferences
            ? preferences
            : AccountQueries.NoAccount(query.AccountId);
}
