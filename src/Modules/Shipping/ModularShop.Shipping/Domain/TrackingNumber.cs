using System.Security.Cryptography;

namespace ModularShop.Shipping.Domain;

/// <summary>
/// The number on the label, such as <c>MS7K3M9QX2DE</c>: 50 random bits, so that nobody finds somebody else's
/// parcel by counting. Stored and compared in upper case.
/// </summary>
internal static class TrackingNumber
{
    public const int Length = 12;

    // Without I, L, O and U, which are misread.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New() => $"MS{RandomNumberGenerator.GetString(Letters, Length - 2)}";

    public static string Normalise(string number) => number.Trim().ToUpperInvariant();
}
