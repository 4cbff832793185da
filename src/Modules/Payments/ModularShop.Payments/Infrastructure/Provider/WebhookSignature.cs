using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModularShop.Payments.Infrastructure.Provider;

/// <summary>
/// The header <c>Provider-Signature: t=&lt;Unix seconds&gt;,v1=&lt;hex&gt;</c>: HMAC-SHA256, under the secret that the
/// provider and the shop share, over the seconds, a full stop and the body as it was sent.
/// </summary>
internal static class WebhookSignature
{
    public const string Header = "Provider-Signature";

    /// <summary>False where it is missing, malformed, not by the holder of the secret, for another body, or too old to be no replay.</summary>
    public static bool IsValid(string? header, ReadOnlySpan<byte> body, string? secret, DateTimeOffset now, TimeSpan tolerance)
    {
        if (secret is null || header is not { Length: <= 200 }
            || header.Split(',') is not [['t', '=', .. var seconds], ['v', '1', '=', .. var hex]]
            || !long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)
            || Math.Abs((decimal)now.ToUnixTimeSeconds() - signedAt) > (decimal)tolerance.TotalSeconds
            || hex.Length != HMACSHA256.HashSizeInBytes * 2)
        {
            return false;
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.FromHexString(hex, given, out _, out _) is System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, Compute(seconds, body, secret));
    }

    private static byte[] Compute(string seconds, ReadOnlySpan<byte> body, string secret)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(seconds + "."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
