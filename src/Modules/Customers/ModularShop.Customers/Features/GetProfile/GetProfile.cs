namespace ModularShop.Customers.Features.GetProfile;

internal sealed record GetProfile(Guid AccountId) : IQuery<Result<Profile>>;

internal sealed record Profile(Guid Id, string Email, string Name, string? Phone, DateTimeOffset RegisteredAt, Guid? DefaultAddressId);
