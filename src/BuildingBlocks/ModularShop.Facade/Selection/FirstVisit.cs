using System.Buffers.Text;
using System.Security.Cryptography;

namespace ModularShop.Facade;

/// <summary>Somebody whom the facade does not know yet. Several requests that bear the same one as a feature are of one visitor.</summary>
public sealed class FirstVisit
{
    private readonly Lazy<string> _visitor = new(static () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));

    internal string Visitor => _visitor.Value;
}
