namespace ModularShop.Messaging;

/// <summary>Section <c>Messaging</c>.</summary>
public sealed record MessagingOptions
{
    /// <summary>How soon after its last work a module looks for some that no signal of this process announced, 10 to 10,000 ms; then after twice as long, and so on.</summary>
    public int PollMilliseconds { get; init; } = 50;

    /// <summary>How often it looks at least, however long there has been none, 10 to 10,000 ms; a retry or a timer is no later than that.</summary>
    public int MaxPollMilliseconds { get; init; } = 500;

    /// <summary>Messages delivered, or handled in one transaction, at a time: 1 to 1000.</summary>
    public int BatchSize { get; init; } = 250;

    /// <summary>Messages that may wait in a module's inbox; what is beyond waits in the outboxes of its senders, 100 to 10,000,000.</summary>
    public int MaxPending { get; init; } = 10_000;

    /// <summary>Attempts before a message becomes a dead letter, 1 to 100.</summary>
    public int MaxAttempts { get; init; } = 10;

    /// <summary>Wait after the first failed attempt, 1 to 60,000 ms; doubles with each, plus or minus a fifth by chance.</summary>
    public int RetryBaseMilliseconds { get; init; } = 200;

    /// <summary>The longest wait between two attempts, 1 to 86,400 s.</summary>
    public int RetryMaxSeconds { get; init; } = 60;

    /// <summary>How long a silent holder keeps a module's processing lease, 1 to 60 s.</summary>
    public int LeaseSeconds { get; init; } = 3;

    /// <summary>How long handled messages stay to recognise a second delivery, 1 to 365 days.</summary>
    public int RetentionDays { get; init; } = 7;

    /// <summary>Not changed before every queue is empty: what waits in one is not taken by the other way.</summary>
    public MessageCarrier Transport { get; init; } = MessageCarrier.Http;

    public RabbitMqOptions RabbitMq { get; init; } = new();

    /// <summary>
    /// Messages, and subjects, read at a time. Above some 2,098 values EF hands SQL Server a list as JSON, whose strings do not
    /// compare with a column of binary collation.
    /// </summary>
    internal int ReadAhead => Math.Min(BatchSize * 5, 2000);

    internal TimeSpan Backoff(int failedAttempts)
    {
        var milliseconds = Math.Min(RetryBaseMilliseconds * Math.Pow(2, Math.Min(failedAttempts - 1, 30)), RetryMaxSeconds * 1000.0);
        return TimeSpan.FromMilliseconds(milliseconds * (0.8 + (Random.Shared.NextDouble() * 0.4)));
    }
}
