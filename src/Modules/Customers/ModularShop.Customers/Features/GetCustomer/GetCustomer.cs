namespace ModularShop.Customers.Features.GetCustomer;

internal sealed record GetCustomer(Guid AccountId) : IQuery<Result<CustomerDetails>>;

/// <param name="Email">Null once the account is closed.</param>
/// <param name="LockedUntil">Null where nobody guessed too often.</param>
internal sealed record CustomerDetails(
    Guid Id, string Role, string? Email, string Name, string? Phone, DateTimeOffset RegisteredAt, DateTimeOffset? ClosedAt, DateTimeOffset? LockedUntil,
    int FailedLogIns, int ActiveSessions, int Addresses);
