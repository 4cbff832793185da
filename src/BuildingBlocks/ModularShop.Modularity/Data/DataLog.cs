using Microsoft.Extensions.Logging;

namespace ModularShop.Modularity.Data;

internal static partial class DataLog
{
    [LoggerMessage(1001, LogLevel.Information, "{Module}: database migrated")]
    public static partial void Migrated(ILogger logger, string module);

    [LoggerMessage(1002, LogLevel.Warning, "{Module}: waiting for the database to come up: {Reason}")]
    public static partial void Waiting(ILogger logger, string module, string reason);
}
