using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure;

internal static class AccountQueries
{
    /// <summary>The account of that email that can log in.</summary>
    public static Task<Account?> AccountOfEmailAsync(this CustomersDbContext db, string email, CancellationToken cancellationToken) =>
        db.Accounts.SingleOrDefaultAsync(a => a.Email == email && a.ClosedAt == null, cancellationToken);

    /// <summary>The account of that id, unless it is closed.</summary>
    public static Task<Account?> OpenAccountAsync(this CustomersDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Accounts.SingleOrDefaultAsync(a => a.Id == id && a.ClosedAt == null, cancellationToken);

    public static Error NoAccount(Guid id) => CustomersError.AccountNotFound.Because($"There is no open account {id}.");
}
