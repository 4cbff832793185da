using Microsoft.IdentityModel.Tokens;

namespace ModularShop.Modularity.Security;

/// <summary>Where no module provides keys, no token is valid.</summary>
internal sealed class NoTokenKeys : ITokenKeys
{
    public IReadOnlyCollection<SecurityKey> Current => [];
}
