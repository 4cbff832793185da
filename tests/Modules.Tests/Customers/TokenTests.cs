using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Security;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

/// <summary>Moves the clock: a shop of its own.</summary>
public sealed class TokenTests(CustomersShop shop) : IClassFixture<CustomersShop>
{
    [Fact]
    public async Task An_access_token_says_who_somebody_is_and_for_a_quarter_of_an_hour()
    {
        var ada = await shop.RegisterAsync();
        var token = new JsonWebToken(ada.AccessToken);
        token.Alg.ShouldBe("ES256");
        token.Kid.ShouldNotBeNullOrEmpty();
        token.Issuer.ShouldBe(Access.Issuer);
        token.Audiences.ShouldBe([Access.Audience]);
        token.GetClaim("role").Value.ShouldBe("customer");
        token.GetClaim("name").Value.ShouldBe("Ada Test");
        token.GetClaim("sub").Value.ShouldBe((await shop.IdOfAsync(ada)).ToString());
        token.GetClaim("jti").Value.ShouldNotBeNullOrEmpty();
        (token.ValidTo - token.ValidFrom).ShouldBe(TimeSpan.FromMinutes(15));

        using var client = shop.With(ada.AccessToken);
        await client.AskAsync("me").ShouldBeAsync(200);
        shop.Clock.Advance(TimeSpan.FromMinutes(15));
        await client.AskAsync("me").ShouldFailAsync(401, "request.unauthenticated");
        var refreshed = await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        using var again = shop.With(refreshed.Text("accessToken"));
        await again.AskAsync("me").ShouldBeAsync(200);
    }

    [Fact]
    public async Task The_published_keys_verify_a_token()
    {
        var ada = await shop.RegisterAsync();
        using var client = shop.Anonymous();
        using var response = await client.AskAsync("jwks");
        response.Headers.CacheControl!.Public.ShouldBeTrue();
        response.Headers.CacheControl.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
        var keys = new JsonWebKeySet(await response.Content.ReadAsStringAsync());

        keys.Keys.ShouldAllBe(k => k.Use == "sig" && k.Alg == "ES256" && k.Crv == "P-256" && !k.HasPrivateKey);
        keys.Keys.Select(k => k.Kid).ShouldContain(new JsonWebToken(ada.AccessToken).Kid, StringComparer.Ordinal);
        (await ValidateAsync(ada.AccessToken, keys)).ShouldBeTrue();
        (await ValidateAsync(TestTokens.Forge(Guid.CreateVersion7(), Access.Customer, shop.Clock.GetUtcNow()), keys)).ShouldBeFalse();
    }

    [Fact]
    public async Task Tokens_are_not_kept_by_anybody_on_the_way()
    {
        var ada = await shop.RegisterAsync();
        using var logIn = await shop.LogInAsync(ada.Email, ada.Password);
        logIn.Headers.CacheControl!.NoStore.ShouldBeTrue();
        using var refresh = await shop.RefreshAsync(ada.RefreshToken);
        refresh.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_signed_by_a_stranger_opens_nothing()
    {
        using var forged = shop.ForgedOperator();
        await forged.AskAsync("").ShouldFailAsync(401, "request.unauthenticated");
        using var expired = shop.ExpiredCustomer();
        await expired.AskAsync("me").ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task A_token_without_a_signature_opens_nothing()
    {
        foreach (var algorithm in new[] { "none", "None", "NONE", "" })
        {
            using var client = shop.With($"{Part(new { alg = algorithm, typ = "JWT" })}.{Claims()}.");
            await client.AskAsync("").ShouldFailAsync(401, "request.unauthenticated");
        }
    }

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_secret_opens_nothing()
    {
        using var anonymous = shop.Anonymous();
        var body = await (await anonymous.AskAsync("jwks")).Content.ReadAsStringAsync();
        var published = new JsonWebKeySet(body).Keys[0];
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(published.X), Y = Base64UrlEncoder.DecodeBytes(published.Y) },
        });
        foreach (var secret in new[]
        {
            Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem()), key.ExportSubjectPublicKeyInfo(), Encoding.UTF8.GetBytes(body),
            Encoding.UTF8.GetBytes(published.X),
        })
        {
            var signed = $"{Part(new { alg = "HS256", typ = "JWT", kid = published.Kid })}.{Claims()}";
            using var client = shop.With($"{signed}.{WebEncoders.Base64UrlEncode(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed)))}");
            await client.AskAsync("").ShouldFailAsync(401, "request.unauthenticated");
        }
    }

    [Fact]
    public async Task A_token_whose_claims_were_changed_opens_nothing()
    {
        var ada = await shop.RegisterAsync();
        var parts = ada.AccessToken.Split('.');
        var claims = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(parts[1])).Replace("\"customer\"", "\"operator\"", StringComparison.Ordinal);
        claims.ShouldContain("operator");
        using var client = shop.With($"{parts[0]}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(claims))}.{parts[2]}");
        await client.AskAsync("").ShouldFailAsync(401, "request.unauthenticated");
    }

    private static async Task<bool> ValidateAsync(string token, JsonWebKeySet keys) =>
        (await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Access.Issuer, ValidAudience = Access.Audience, IssuerSigningKeys = keys.GetSigningKeys(), ValidateLifetime = false,
        })).IsValid;

    private static string Part(object part) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(part));

    private string Claims() => Part(new
    {
        sub = Guid.CreateVersion7(), role = Access.Operator, iss = Access.Issuer, aud = Access.Audience,
        exp = shop.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), nbf = shop.Clock.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds(),
    });
}
