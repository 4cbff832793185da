using Microsoft.Extensions.Logging;

namespace ModularShop.Modularity.Security;

internal static partial class SecurityLog
{
    [LoggerMessage(1301, LogLevel.Warning, "The keys that access tokens are checked with cannot be read from {Deployable}; {Known} are known from before, and it is tried again: {Reason}")]
    public static partial void KeysNotRead(ILogger logger, string deployable, int known, string reason);
}
