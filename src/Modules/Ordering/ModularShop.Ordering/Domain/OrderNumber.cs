using System.Security.Cryptography;

namespace ModularShop.Ordering.Domain;

/// <summary>What people call an order: <c>O-7K3M9QX2</c>. Random, so that it tells nobody how many orders there are.</summary>
internal static class OrderNumber
{
    public const int MaxLength = 10;

    /// <summary>Crockford's base 32: no I, L, O or U to misread. Source: crockford.com/base32.html.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Make() => "O-" + RandomNumberGenerator.GetString(Alphabet, 8);
}
