namespace ModularShop.Customers.Features.GetSigningKeys;

internal sealed record GetSigningKeys : IQuery<Result<KeySet>>;

/// <summary>A JSON Web Key Set, RFC 7517.</summary>
internal sealed record KeySet(IReadOnlyList<PublishedKey> Keys);

/// <summary>The public half of a key on an elliptic curve, with the names of RFC 7518.</summary>
internal sealed record PublishedKey(string Kty, string Crv, string X, string Y, string Use, string Alg, string Kid);
