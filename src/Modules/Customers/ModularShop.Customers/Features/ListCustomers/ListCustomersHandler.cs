using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ListCustomers;

internal sealed class ListCustomersHandler(CustomersDbContext db) : IRequestHandler<ListCustomers, Result<Page<CustomerRow>>>
{
    public async Task<Result<Page<CustomerRow>>> Handle(ListCustomers query, CancellationToken cancellationToken)
    {
        var role = query.Role is Access.Operator ? AccountRole.Operator : AccountRole.Customer;
        var accounts = db.Accounts.AsNoTracking().Where(a => a.Role == role && a.ClosedAt == null);
        if (EmailAddress.Normalise(query.Email ?? "") is { Length: > 0 } beginning)
        {
            accounts = accounts.Where(a => a.Email.StartsWith(beginning));
        }

        if (query.After is { } cursor)
        {
            if (!Cursor.TryDecode<Position>(cursor, out var after) || after.Role != role || after.Email is null)
            {
                return RequestError.Cursor.Because("'after' is not the 'next' of a page of this list.");
            }

            accounts = accounts.Where(a => string.Compare(a.Email, after.Email) > 0);
        }

        var rows = await accounts.OrderBy(a => a.Email).Take(query.Size + 1)
            .Select(a => new CustomerRow(a.Id, a.Email, a.Name, a.RegisteredAt))
            .ToListAsync(cancellationToken);
        return Page<CustomerRow>.Of(rows, query.Size, r => r, r => new Position(role, r.Email));
    }

    internal sealed record Position(AccountRole Role, string Email);
}
