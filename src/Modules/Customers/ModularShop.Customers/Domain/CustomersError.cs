namespace ModularShop.Customers.Domain;

/// <summary>Everything that can be expected to go wrong with customers and their log-ins.</summary>
internal enum CustomersError
{
    [Status(401)] BadCredentials,
    [Status(401)] RefreshInvalid,
    [Status(401)] RefreshReused,
    [Status(404)] AccountNotFound,
    [Status(404)] AddressNotFound,
    [Status(409)] EmailTaken,
    [Status(409)] TooManyAddresses,
    [Status(422)] WrongPassword,
    [Status(429)] LockedOut,
}
