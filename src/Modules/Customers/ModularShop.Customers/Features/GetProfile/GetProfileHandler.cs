using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.GetProfile;

internal sealed class GetProfileHandler(CustomersDbContext db) : IRequestHandler<GetProfile, Result<Profile>>
{
    public async Task<Result<Profile>> Handle(GetProfile query, CancellationToken cancellationToken) =>
        await db.Accounts.AsNoTracking().Where(a => a.Id == query.AccountId && a.ClosedAt == null)
            .Select(a => new Profile(a.Id, a.Email, a.Name, a.Phone, a.RegisteredAt, a.DefaultAddressId))
            .SingleOrDefaultAsync(cancellationToken) is { } profile
            ? profile
            : AccountQueries.NoAccount(query.AccountId);
}
