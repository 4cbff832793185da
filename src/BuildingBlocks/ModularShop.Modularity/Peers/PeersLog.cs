using System.Net;
using Microsoft.Extensions.Logging;

namespace ModularShop.Modularity.Peers;

internal static partial class PeersLog
{
    [LoggerMessage(1201, LogLevel.Information, "Made the development authority {Path}; whoever can read its key can be a peer")]
    public static partial void AuthorityMade(ILogger logger, string path);

    [LoggerMessage(1202, LogLevel.Information, "Made the development certificate {Path}, valid until {Until:yyyy-MM-dd}")]
    public static partial void CertificateMade(ILogger logger, string path, DateTimeOffset until);

    [LoggerMessage(1203, LogLevel.Information, "The certificate for peers was renewed: {Certificate}, valid until {Until:yyyy-MM-dd}")]
    public static partial void Renewed(ILogger logger, string certificate, DateTimeOffset until);

    [LoggerMessage(1204, LogLevel.Warning, "The renewed certificate for peers is not used, the one before still is: {Reason}")]
    public static partial void NotRenewed(ILogger logger, string reason);

    [LoggerMessage(1205, LogLevel.Warning, "Refused a peer at {Remote}: {Reason}")]
    public static partial void ClientRefused(ILogger logger, EndPoint? remote, string reason);

    [LoggerMessage(1206, LogLevel.Warning, "Did not talk to {Deployable} at {Remote}: {Reason}")]
    public static partial void ServerRefused(ILogger logger, string deployable, string remote, string reason);

    [LoggerMessage(1207, LogLevel.Warning, "Peers talk in clear text (Peers:PlainHttp): whoever reaches {Listen} is taken for a peer")]
    public static partial void PlainHttp(ILogger logger, string listen);
}
