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

    /// <summary>Who the token of <see cref="DevelopmentOperatorToken"/> is: nobody's account.</summary>
    private static readonly Guid DevelopmentOperator = new("00000000-0000-7000-8000-000000000001");

    public string Make(Account account, Guid sessionId) => Make(
        account.Id, account.Role is AccountRole.Operator ? Access.Operator : Access.Customer, account.Name, new Claim(SessionClaim, sessionId.ToString()));

    /// <summary>An operator of no account and no session.</summary>
    public string MakeForDevelopment() => Make(DevelopmentOperator, Access.Operator, "Development");

    private string Make(Guid subject, string role, string name, params ReadOnlySpan<Claim> more)
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
                new Claim("sub", subject.ToString()),
                new Claim("role", role),
                new Claim("name", name),
                new Claim("jti", Guid.CreateVersion7().ToString()),
                .. more,
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
