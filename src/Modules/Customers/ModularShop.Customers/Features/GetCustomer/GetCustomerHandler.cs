using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.GetCustomer;

internal sealed class GetCustomerHandler(CustomersDbContext db, TimeProvider time) : IRequestHandler<GetCustomer, Result<CustomerDetails>>
{
    public async Task<Result<CustomerDetails>> Handle(GetCustomer query, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == query.AccountId, cancellationToken) is not { } account)
        {
            return CustomersError.AccountNotFound.Because($"There is no account {query.AccountId}.");
        }

        var hash = LogInAttempts.HashOf(account.Email);
        var attempts = await db.LogInAttempts.AsNoTracking().SingleOrDefaultAsync(a => a.EmailHash == hash, cancellationToken);
        var sessions = await db.Sessions.CountAsync(s => s.AccountId == account.Id && s.EndedAt == null && s.ExpiresAt > now, cancellationToken);
        return new CustomerDetails(
            account.Id, account.Role.ToString().ToLowerInvariant(), account.ClosedAt is null ? account.Email : null, account.Name, account.Phone,
            account.RegisteredAt, account.ClosedAt, attempts?.IsLocked(now) == true ? attempts.LockedUntil : null, attempts?.Failures ?? 0, sessions,
            account.Addresses.Count);
    }
}
