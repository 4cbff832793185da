using Microsoft.IdentityModel.Tokens;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.GetSigningKeys;

internal sealed class GetSigningKeysHandler(TokenKeys keys) : IRequestHandler<GetSigningKeys, Result<KeySet>>
{
    public Task<Result<KeySet>> Handle(GetSigningKeys query, CancellationToken cancellationToken) =>
        Task.FromResult<Result<KeySet>>(new KeySet([.. keys.Current.Cast<ECDsaSecurityKey>().Select(Publish)]));

    private static PublishedKey Publish(ECDsaSecurityKey key)
    {
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key);
        return new PublishedKey(jwk.Kty, jwk.Crv, jwk.X, jwk.Y, "sig", SecurityAlgorithms.EcdsaSha256, key.KeyId);
    }
}
