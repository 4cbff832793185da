using Microsoft.Extensions.Logging;

namespace ModularShop.MoveTables;

internal static partial class MoveTablesLog
{
    [LoggerMessage(1501, LogLevel.Information, "The move of {Module} is coordinated by this process, epoch {Epoch}; it is {State}")]
    public static partial void Coordinating(ILogger logger, string module, long epoch, MoveState state);

    [LoggerMessage(1502, LogLevel.Information, "The move of {Module} is {State}: {What}")]
    public static partial void Entered(ILogger logger, string module, MoveState state, string what);

    [LoggerMessage(1503, LogLevel.Warning, "The move of {Module} goes no further: {Reason} It goes on by itself once that is mended")]
    public static partial void Troubled(ILogger logger, Exception? exception, string module, string reason);

    [LoggerMessage(1504, LogLevel.Information, "The move of {Module} goes on")]
    public static partial void GoesOn(ILogger logger, string module);

    [LoggerMessage(1505, LogLevel.Information, "The move of {Module} is coordinated by another process by now")]
    public static partial void Replaced(ILogger logger, string module);

    [LoggerMessage(1506, LogLevel.Warning, "The move of {Module}: '{Command}' of {By} was refused: {Reason}")]
    public static partial void Refused(ILogger logger, string module, MoveCommandKind command, string by, string reason);

    [LoggerMessage(1508, LogLevel.Warning, "The move of {Module}: {Command} broke off; what has become of it is found out and answered")]
    public static partial void BrokeOff(ILogger logger, Exception exception, string module, MoveCommandKind command);

    [LoggerMessage(1507, LogLevel.Warning, "The move of {Module}: {What}")]
    public static partial void TriggersMended(ILogger logger, string module, string what);
}
