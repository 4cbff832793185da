using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure.Tokens;

/// <summary>Makes the access tokens: JWT, signed with ES256.</summary>
internal sealed class AccessTokens(TokenKeys keys, IOptions<TokenOptions> options, TimeProvider time)
{
    private const string SessionClaim = "sid";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Make(Account account, Guid sessionId)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Access.Issuer,
            Audience = Access.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(options.Value.AccessMinutes),
            Subject = new ClaimsIdentity(
            [
                new Claim("sub", account.Id.ToString()),
                new Claim("role", account.Role is AccountRole.Operator ? Access.Operator : Access.Customer),
                new Claim("name", account.Name),
                new Claim("jti", Guid.CreateVersion7().ToString()),
                new Claim(SessionClaim, sessionId.ToString()),
            ]),
            SigningCredentials = keys.Signing,
        });
    }

    /// <summary>The session the token came from; null for a token that names none.</summary>
    public static Guid? SessionOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(SessionClaim), out var id) ? id : null;

    /// <summary>The account that is logged in, customer or operator.</summary>
    public static Guid AccountOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue("sub"), out var id)
        ? id
        : throw new InvalidOperationException("Nobody is logged in.");
}
