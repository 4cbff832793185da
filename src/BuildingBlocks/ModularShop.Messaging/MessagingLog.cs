using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Messaging;

internal static partial class MessagingLog
{
    [LoggerMessage(2001, LogLevel.Warning, "{Module}: {Count} messages could not be delivered to {Subscriber}; they stay in the outbox, next attempt in {Wait}")]
    public static partial void DeliveryFailed(ILogger logger, Exception exception, string module, string subscriber, int count, TimeSpan wait);

    [LoggerMessage(2002, LogLevel.Warning, "{Module}: message {MessageId} ({Type}) about {Subject} failed, attempt {Attempt}; next in {Wait}")]
    public static partial void HandlingFailed(ILogger logger, Exception exception, string module, Guid messageId, string type, string subject, int attempt, TimeSpan wait);

    [LoggerMessage(2003, LogLevel.Error, "{Module}: message {MessageId} ({Type}) about {Subject} failed {Attempt} times and is a dead letter now; an operator retries or discards it")]
    public static partial void DeadLettered(ILogger logger, Exception exception, string module, Guid messageId, string type, string subject, int attempt);

    [LoggerMessage(2004, LogLevel.Information, "{Module}: processing here, token {Token}")]
    public static partial void LeaseTaken(ILogger logger, string module, long token);

    [LoggerMessage(2005, LogLevel.Warning, "{Module}: no longer processing here: the lease could not be renewed in time or another process took it")]
    public static partial void LeaseLost(ILogger logger, string module);

    [LoggerMessage(2006, LogLevel.Error, "{Module}: {Worker} pauses: {Reason}")]
    public static partial void Paused(ILogger logger, Exception exception, string module, string worker, string reason);

    [LoggerMessage(2007, LogLevel.Information, "{Module}: {Worker} goes on")]
    public static partial void Resumed(ILogger logger, string module, string worker);

    [LoggerMessage(2008, LogLevel.Error, "{Module}: job {Job} failed; it runs again at its next time")]
    public static partial void JobFailed(ILogger logger, Exception exception, string module, string job);

    [LoggerMessage(2009, LogLevel.Information, "{Module}: {Count} handled messages older than {Days} days removed from the inbox")]
    public static partial void Purged(ILogger logger, string module, int count, int days);

    [LoggerMessage(2010, LogLevel.Warning, "{Module}: the jobs did not stop as they should: {Reason} The next holder of the lease runs again what was cut short")]
    public static partial void JobsNotStopped(ILogger logger, Exception exception, string module, string reason);

    [LoggerMessage(2011, LogLevel.Warning, "{Module}: a subscriber is slower than its senders: {Reason}")]
    public static partial void SubscriberBusy(ILogger logger, string module, string reason);

    [LoggerMessage(2012, LogLevel.Warning, "{Module}: the clock went back; {Count} messages that it would have delayed are due now")]
    public static partial void ClockWentBack(ILogger logger, string module, int count);

    [LoggerMessage(2013, LogLevel.Information, "{Module}: no longer processing here: owned by {Owner} in epoch {Epoch} ({State})")]
    public static partial void ProcessingMoved(ILogger logger, string module, Owner owner, long epoch, string state);

    [LoggerMessage(2014, LogLevel.Warning, "Waiting for the monolith to say who takes which messages; until then nothing is written or processed here: {Reason}")]
    public static partial void SubscribersUnknown(ILogger logger, string reason);

    [LoggerMessage(2015, LogLevel.Warning, "The monolith does not say who takes which messages, what it said before goes on: {Reason}")]
    public static partial void SubscribersAsBefore(ILogger logger, string reason);

    [LoggerMessage(2016, LogLevel.Information, "Known who takes which messages: {Subscriptions} subscriptions in other deployables")]
    public static partial void SubscribersKnown(ILogger logger, int subscriptions);

    [LoggerMessage(2017, LogLevel.Error, "{Module}: what the broker delivered as message {MessageId} is none; it is in the queue of the dead letters")]
    public static partial void Unreadable(ILogger logger, string module, string? messageId);

    [LoggerMessage(2018, LogLevel.Information, "{Module}: what is for {Subscriber} waits until it is known who takes it: {Reason}")]
    public static partial void SubscriberMoving(ILogger logger, string module, string subscriber, string reason);

    [LoggerMessage(2019, LogLevel.Information, "{Module}: dead letter {MessageId} ({Type}) about {Subject} is handled again with other data, by {By}: {Reason}")]
    public static partial void DeadLetterEdited(ILogger logger, string module, Guid messageId, string type, string subject, string by, string reason);
}
