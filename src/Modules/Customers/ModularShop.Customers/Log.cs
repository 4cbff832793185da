using Microsoft.Extensions.Logging;

namespace ModularShop.Customers;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Warning,
        "A refresh token of account {AccountId} was used again after its successor: somebody else may have it. Session {SessionId} is ended; its owner has to log in again")]
    public static partial void RefreshTokenReused(ILogger logger, Guid accountId, Guid sessionId);

    [LoggerMessage(7002, LogLevel.Warning,
        "{Failures} wrong passwords in a row for account {AccountId} (none where the email has no account); locked for {Minutes} minutes, POST /api/v1/customers/<id>/unlock ends it")]
    public static partial void LockedOut(ILogger logger, Guid? accountId, int failures, int minutes);

    [LoggerMessage(7003, LogLevel.Information, "A key to sign access tokens with was made for development: {Path}")]
    public static partial void KeyMade(ILogger logger, string path);

    [LoggerMessage(7004, LogLevel.Information, "The {Role} account {AccountId} was created from configuration")]
    public static partial void AccountSeeded(ILogger logger, string role, Guid accountId);

    [LoggerMessage(7005, LogLevel.Warning, "Account {AccountId} was made an operator by operator {OperatorId}")]
    public static partial void OperatorCreated(ILogger logger, Guid accountId, Guid operatorId);

    [LoggerMessage(7006, LogLevel.Warning, "{Path} cannot be written: {Reason} Without it the command line needs ./shop login")]
    public static partial void OperatorTokenNotWritten(ILogger logger, string path, string reason);
}
