namespace ModularShop.Contracts;

/// <summary>Where a parcel goes.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
public sealed record PostalAddress(
    string Recipient, string Line1, string City, string PostalCode, string Country, string? Line2 = null, string? Region = null);
