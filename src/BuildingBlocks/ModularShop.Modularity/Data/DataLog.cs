using Microsoft.Extensions.Logging;

namespace ModularShop.Modularity.Data;

internal static partial class DataLog
{
    [LoggerMessage(1001, LogLevel.Information, "{Module}: database migrated")]
    public static partial void Migrated(ILogger logger, string module);

    [LoggerMessage(1003, LogLevel.Information, "{Module}: waiting for another process that migrates the database")]
    public static partial void WaitingForOther(ILogger logger, string module);

    [LoggerMessage(1004, LogLevel.Warning, "{Module}: the database has the migration {Migration}, which this version of the program does not know: it was migrated by a newer one")]
    public static partial void NewerDatabase(ILogger logger, string module, string migration);

    [LoggerMessage(1005, LogLevel.Warning, "{Module}: waiting for the host to make the tables: {Reason}")]
    public static partial void WaitingForTables(ILogger logger, string module, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "{Module}: waiting for the database to come up: {Reason}")]
    public static partial void Waiting(ILogger logger, string module, string reason);

    [LoggerMessage(1006, LogLevel.Warning, "{Module}: its tables here are retired and not changed by {Migrations}; its service's database holds the data. Let the module's code leave this program")]
    public static partial void Retired(ILogger logger, string module, string migrations);
}
