using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ModularShop.Customers.Domain;

/// <summary>
/// What a client holds to stay logged in: 256 bits nobody can guess. A successor is made from its predecessor
/// and a seed of 256 random bits, so that a client that asks twice gets one chain and not two; who reads the
/// database has the seed and not the predecessor, and learns nothing.
/// </summary>
internal static class RefreshSecret
{
    public const int MaxLength = 100;

    private const int Bytes = 32;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(Bytes);

    public static string SuccessorOf(string secret, byte[] seed) => Base64Url.EncodeToString(HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(secret)));

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
