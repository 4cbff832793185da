using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Security;

namespace ModularShop.TestKit;

/// <summary>Access tokens signed with the key that the shop under test is configured with.</summary>
public sealed class TestTokens : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The private key, for <c>Customers:SigningKey</c>.</summary>
    public string Pem => _key.ExportPkcs8PrivateKeyPem();

    public string Make(Guid subject, string role, DateTimeOffset issuedAt, TimeSpan? lifetime = null) => Make(new ECDsaSecurityKey(_key), subject, role, issuedAt, lifetime);

    /// <summary>Signed with a key of somebody else.</summary>
    public static string Forge(Guid subject, string role, DateTimeOffset issuedAt)
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Make(new ECDsaSecurityKey(stranger), subject, role, issuedAt, null);
    }

    public void Dispose() => _key.Dispose();

    private static string Make(SecurityKey key, Guid subject, string role, DateTimeOffset issuedAt, TimeSpan? lifetime) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Access.Issuer,
            Audience = Access.Audience,
            IssuedAt = issuedAt.UtcDateTime,
            NotBefore = issuedAt.UtcDateTime,
            Expires = (issuedAt + (lifetime ?? TimeSpan.FromMinutes(15))).UtcDateTime,
            Subject = new ClaimsIdentity([new Claim("sub", subject.ToString()), new Claim("role", role)]),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
        });
}
