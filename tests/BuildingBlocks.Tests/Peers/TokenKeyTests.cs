using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Security;

namespace BuildingBlocks.Tests.Peers;

/// <summary>A service checks tokens with the keys that the monolith publishes.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class TokenKeyTests : IDisposable
{
    private static readonly Uri Secret = new("secret", UriKind.Relative);

    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;
    private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _asked;

    public void Dispose()
    {
        _signing.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tokens_with_ids_of_keys_that_somebody_made_up_make_the_monolith_be_asked_at_most_once_more()
    {
        await using var monolith = await Peer.StartAsync(Deployable.Monolith, _folder, "Testing", MapKeys);
        await using var catalog = await Peer.StartAsync("Catalog", _folder, "Testing", MapSecret, ("Peers:Addresses:Monolith", monolith.Inner.ToString()));
        await using var caller = await Peer.StartAsync("Shipping", _folder, ("Peers:Addresses:Catalog", catalog.Inner.ToString()));
        await Eventually.TrueAsync(async () => await AskAsync(caller, Token(_signing)) is HttpStatusCode.OK, "the keys to be read");
        var before = _asked;
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var status in await Task.WhenAll(Enumerable.Range(0, 50).Select(i => AskAsync(caller, Token(stranger, $"made-up-{i}")))))
        {
            status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (_asked - before).ShouldBeLessThanOrEqualTo(1);
        (await AskAsync(caller, Token(_signing))).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(caller, "not.a.token")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keys_that_are_known_stay_good_while_the_monolith_is_down()
    {
        var monolith = await Peer.StartAsync(Deployable.Monolith, _folder, "Testing", MapKeys);
        await using var catalog = await Peer.StartAsync("Catalog", _folder, "Testing", MapSecret, ("Peers:Addresses:Monolith", monolith.Inner.ToString()));
        await using var caller = await Peer.StartAsync("Shipping", _folder, ("Peers:Addresses:Catalog", catalog.Inner.ToString()));
        await Eventually.TrueAsync(async () => await AskAsync(caller, Token(_signing)) is HttpStatusCode.OK, "the keys to be read");
        await monolith.DisposeAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await AskAsync(caller, Token(stranger))).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(caller, Token(_signing))).ShouldBe(HttpStatusCode.OK);
    }

    private void MapKeys(WebApplication app) => app.MapGet("/api/v1/customers/jwks", () =>
    {
        Interlocked.Increment(ref _asked);
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(Named(_signing, null));
        return TypedResults.Json(new { keys = new[] { new { kty = key.Kty, crv = key.Crv, x = key.X, y = key.Y, use = "sig", alg = "ES256", kid = key.Kid } } });
    }).ForEveryone();

    private static void MapSecret(WebApplication app) => app.MapGet("/secret", () => "told").ForOperators();

    private static async Task<HttpStatusCode> AskAsync(Peer caller, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Secret) { Version = HttpVersion.Version20 };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await caller.Clients.For("Catalog").SendAsync(request);
        return response.StatusCode;
    }

    private static string Token(ECDsa signing, string? id = null) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Access.Issuer,
        Audience = Access.Audience,
        Expires = TimeProvider.System.GetUtcNow().AddMinutes(5).UtcDateTime,
        Subject = new ClaimsIdentity([new Claim("sub", Guid.CreateVersion7().ToString()), new Claim("role", Access.Operator)]),
        SigningCredentials = new SigningCredentials(Named(signing, id), SecurityAlgorithms.EcdsaSha256) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
    });

    private static ECDsaSecurityKey Named(ECDsa ecdsa, string? id)
    {
        var key = new ECDsaSecurityKey(ecdsa);
        key.KeyId = id ?? Base64Url.EncodeToString(key.ComputeJwkThumbprint());
        return key;
    }
}
